using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Prediction;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Models;
using FocalSharp.Models.Export;
using FocalSharp.Torch.Onnx.Verification;
using Spectre.Console;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp export</c>: writes a model as an ONNX file and verifies it.</summary>
internal sealed class ExportCommand : CliCommand
{
    private const int MaxImages = 12;

    // Loss of AP above which an 8-bit file comes with a warning.
    private const double MaxApLoss = 0.02;

    private static readonly OrderedDictionary<string, CalibrationMethod> Methods = new(StringComparer.Ordinal)
    {
        ["mse"] = CalibrationMethod.MeanSquaredError,
        ["percentile"] = CalibrationMethod.Percentile,
        ["minmax"] = CalibrationMethod.MinMax,
    };

    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "The model: a weights file, a run folder, or the name of a published model (see 'focalsharp models')",
    };

    private readonly Option<string?> _output = new("--out", "-o")
    {
        HelpName = "FILE",
        Description = "File to write [default: RUN/model.onnx, or the weights file with .onnx]",
    };

    private readonly Option<int?> _size = SharedOptions.Size("Input size stored in the file [default: as trained]");
    private readonly Option<bool> _raw = new("--raw") { Description = "Output the head's logits for all locations" };
    private readonly Option<bool> _noNms = new("--no-nms") { Description = "Output all boxes and scores, without NMS" };
    private readonly Option<bool> _half = new("--half") { Description = "Store and compute the network in float16" };
    private readonly Option<bool> _int8 = new("--int8") { Description = "Quantize the network to 8 bits (requires --calibrate)" };
    private readonly Option<string?> _calibrate = new("--calibrate")
    {
        HelpName = "DATA",
        Description = "Data set for --int8: its training images calibrate the ranges, its other images evaluate the file",
    };

    private readonly Option<string?> _method = ChoiceOption.Create("--method", "Calibration method of --int8 [default: mse]", [.. Methods.Keys]);
    private readonly Option<string[]> _images = new("--images")
    {
        HelpName = "PATH",
        Description = "Images, folders or glob patterns to verify the file on [default: the run's preview images, else generated scenes]",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _name = new("--name")
    {
        HelpName = "TEXT",
        Description = "Model name stored in the file [default: the recipe's]",
    };

    private readonly Option<string?> _license = new("--license")
    {
        HelpName = "TEXT",
        Description = "License of the weights stored in the file, such as MIT or Apache-2.0",
    };

    private readonly Option<string?> _json = SharedOptions.Json("Write the verification and the metrics as JSON");

    public ExportCommand(ConsoleUi ui)
        : base(ui, "export", "Export a model to ONNX.")
    {
        Details = "The file takes RGB bytes of any size and batch size and outputs boxes after NMS. Before it is saved, its outputs are compared with\n"
            + "the model's in ONNX Runtime.";
        Examples =
        [
            new("focalsharp export runs/demo", "write runs/demo/model.onnx"),
            new("focalsharp export best.safetensors -o small.onnx --half", "half the size"),
            new("focalsharp export runs/demo --int8 --calibrate demo", "8 bits, with AP and latency before and after"),
        ];
        AddSymbols(_model, _output, _size, _raw, _noNms, _half, _int8, _calibrate, _method, _images, _name, _license, _json);
    }

    public override IEnumerable<string> Validate(CommandResult result)
    {
        if (result.GetValue(_raw) && result.GetValue(_noNms))
        {
            yield return "--raw and --no-nms exclude each other.";
        }

        if (result.GetValue(_int8) != (result.GetValue(_calibrate) is not null))
        {
            yield return "--int8 and --calibrate belong together: quantization needs a data set to calibrate its ranges.";
        }

        if (result.GetValue(_int8) && (result.GetValue(_half) || result.GetValue(_raw) || result.GetValue(_noNms)))
        {
            yield return "--int8 cannot be combined with --half, --raw or --no-nms.";
        }
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        RgbImage[] images = LoadImages(parsed);
        using TorchDetector model = TorchDetector.Load(parsed.GetRequiredValue(_model), new DetectorLoadOptions { InputSize = parsed.GetValue(_size) });
        ExportRequest request = new()
        {
            Output = GetTarget(parsed, model.Path!),
            Variant = parsed.GetValue(_raw) ? ModelVariant.Raw : parsed.GetValue(_noNms) ? ModelVariant.Candidates : ModelVariant.Detections,
            Half = parsed.GetValue(_half),
            Name = parsed.GetValue(_name),
            License = parsed.GetValue(_license),
            Images = images,
        };
        if (parsed.GetValue(_calibrate) is { } data)
        {
            ExportInt8(model, request, data, parsed.GetValue(_method) is { } word ? Methods[word] : default, output, cancellationToken);
        }
        else
        {
            OnnxVerificationReport report = ProgressReporter.Run(output.Ui, "Verifying in ONNX Runtime", OnnxExport.StepCount, progress =>
                OnnxExport.Write(model, request, progress, cancellationToken));
            WriteReport(output.Ui, report, request);
            output.Write(() => CreateJson(request.Output, report));
        }

        return Task.FromResult(ExitCodes.Success);
    }

    private static void ExportInt8(
        TorchDetector model, ExportRequest request, string data, CalibrationMethod method, JsonOutput output, CancellationToken cancellationToken)
    {
        ConsoleUi ui = output.Ui;
        DetectionDataset dataset = DataArgument.Open(data, ui, cancellationToken);
        Int8Export export = new(model, dataset);
        Int8Report report = ProgressReporter.Run(ui, "Calibrating and evaluating", export.TotalImages, progress =>
            export.Write(request, method, progress, cancellationToken));
        ui.Line($"Calibrated on {report.CalibrationImageCount} images, evaluated on {report.EvaluationImageCount} others of {dataset.Name}");
        Table table = Tables.Create(ui, "", ">AP", ">AP50", ">ms/image", ">MB");
        Row("float32", report.Float32);
        Row("int8", report.Int8);
        ui.Write(table);
        if (report.FloatConvolutionCount > 0)
        {
            ui.Line($"{report.FloatConvolutionCount} of {report.ConvolutionCount} convolutions remain in float32: quantizing them would cost AP on the calibration images.");
        }

        ui.Dim("ms/image: median inference time in ONNX Runtime, both files alternating on each image");
        if (report.Float32.AP - report.Int8.AP > MaxApLoss)
        {
            ui.Warn($"Quantization costs {report.Float32.AP - report.Int8.AP:0.0000} AP. Try another --method, or --half.");
        }

        ui.Success($"Written: {request.Output}");
        output.Write(() => CreateJson(request.Output, report));

        void Row(string name, OnnxMetrics metrics) => table.Row(
            name,
            Tables.FormatScore(metrics.AP),
            Tables.FormatScore(metrics.AP50),
            metrics.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture),
            (metrics.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture));
    }

    private static void WriteReport(ConsoleUi ui, OnnxVerificationReport report, ExportRequest request)
    {
        OnnxTolerance tolerance = request.Half ? OnnxTolerance.Float16 : OnnxTolerance.Float32;
        string what = request.Variant == ModelVariant.Detections ? "detections" : "locations";
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Verified in ONNX Runtime on {report.ImageCount} images (random and {(request.Images.Count > 0 ? "real" : "generated")}; 3 sizes, 3 batch sizes): {report.ComparedCount} {what} match"));
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Maximum difference: box {report.MaxBoxDifference:0.#####} px (tolerance {tolerance.Box}), score {report.MaxScoreDifference:0.#######} (tolerance {tolerance.Score})"));
        if (report.Tolerated > 0)
        {
            ui.Dim($"{report.Tolerated} detections differ where scores or overlaps are within the tolerance of a decision boundary");
        }

        if (report.ComparedCount == 0)
        {
            ui.Warn("The model detects nothing in these images, so little was compared. Pass other images with --images.");
        }

        ui.Success(string.Create(CultureInfo.InvariantCulture, $"Written: {request.Output} ({new FileInfo(request.Output).Length / 1e6:0.0} MB)"));
    }

    // Beside the weights; the export of a published model goes to the current folder, not to the cache.
    private string GetTarget(ParseResult parsed, string weights)
    {
        string model = parsed.GetRequiredValue(_model);
        string suffix = string.Concat(
            parsed.GetValue(_raw) ? ".raw" : parsed.GetValue(_noNms) ? ".candidates" : "",
            parsed.GetValue(_half) ? ".half" : "",
            parsed.GetValue(_calibrate) is null ? "" : ".int8",
            ".onnx");
        string stem = Directory.Exists(model) ? Path.Combine(model, "model") : File.Exists(model) ? Path.ChangeExtension(model, null) : model;
        string target = parsed.GetValue(_output) ?? stem + suffix;
        return string.Equals(Path.GetFullPath(target), Path.GetFullPath(weights), StringComparison.Ordinal)
            ? throw new FileException($"{weights}: would be overwritten. Choose another file with --out.")
            : Directory.Exists(target)
                ? throw new FileException($"{target}: is a folder. Pass a file to --out, such as {Path.Combine(target, "model" + suffix)}.")
                : target;
    }

    private RgbImage[] LoadImages(ParseResult parsed)
    {
        if (parsed.GetValue(_images) is { Length: > 0 } paths)
        {
            return [.. PredictInputs.Expand(paths).Take(MaxImages).Select(path => ImageDecoder.Decode(path))];
        }

        string previews = Path.Combine(parsed.GetRequiredValue(_model), "pictures");
        return Directory.Exists(previews)
            ? [.. Directory.EnumerateFiles(previews, "*.png").Order(StringComparer.Ordinal).Take(MaxImages).Select(path => ImageDecoder.Decode(path))]
            : [];
    }

    private static string CreateJson(string file, OnnxVerificationReport report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteNumber("bytes", new FileInfo(file).Length);
        writer.WriteNumber("images", report.ImageCount);
        writer.WriteNumber("compared", report.ComparedCount);
        writer.WriteNumber("tolerated", report.Tolerated);
        writer.WriteNumber("max_box_difference", report.MaxBoxDifference);
        writer.WriteNumber("max_score_difference", report.MaxScoreDifference);
        writer.WriteEndObject();
    });

    private static string CreateJson(string file, Int8Report report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteNumber("calibration_images", report.CalibrationImageCount);
        writer.WriteNumber("evaluation_images", report.EvaluationImageCount);
        writer.WriteNumber("convolutions", report.ConvolutionCount);
        writer.WriteNumber("float32_convolutions", report.FloatConvolutionCount);
        Write("float32", report.Float32);
        Write("int8", report.Int8);
        writer.WriteEndObject();

        void Write(string name, OnnxMetrics metrics)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("AP", metrics.AP);
            writer.WriteNumber("AP50", metrics.AP50);
            writer.WriteNumber("milliseconds", metrics.Milliseconds);
            writer.WriteNumber("bytes", metrics.Bytes);
            writer.WriteEndObject();
        }
    });
}
