using System.Globalization;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Models;
using FocalSharp.Models.Export;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;
using Spectre.Console;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>export</c>: a model becomes an ONNX file, checked as it is written.</summary>
internal static class ExportCommand
{
    private const int MaxImages = 12;

    // AP beyond which an 8-bit file is hardly wanted.
    private const double MaxApLoss = 0.02;

    /// <summary>Exports as asked.</summary>
    public static int Run(ExportCommandOptions words, ConsoleUi ui, CancellationToken cancellationToken)
    {
        JsonOutput json = new(words.Json, ui);
        RgbImage[] pictures = LoadImages(words);
        using LoadedModel model = LoadedModel.Load(words.Model, words.Size);
        string target = GetTarget(words, model.Path);
        ExportRequest request = new()
        {
            Output = target,
            Variant = words.Raw ? OnnxVariant.Raw : words.NoNms ? OnnxVariant.Candidates : OnnxVariant.Detections,
            Half = words.Half,
            Name = words.Name,
            License = words.License,
            Images = pictures,
        };
        if (words.Calibrate is { } data)
        {
            ExportInt8(model, request, data, words.Method, json, cancellationToken);
            return ExitCodes.Success;
        }

        OnnxVerificationReport report = ProgressReporter.Run(json.Ui, "checking in ONNX Runtime", VerificationBatch.BatchCount, progress =>
            OnnxExport.Write(model, request, progress, cancellationToken));
        Report(json.Ui, report, request);
        json.Write(() => ExportJson.Create(target, report));
        return ExitCodes.Success;
    }

    private static void ExportInt8(
        LoadedModel model, ExportRequest request, string data, CalibrationMethod method, JsonOutput json, CancellationToken cancellationToken)
    {
        DetectionDataset dataset = DataSource.Open(data, json.Ui, cancellationToken);
        Int8Export export = new(model, dataset);
        Int8Report report = ProgressReporter.Run(json.Ui, "calibrating and judging", export.TotalImages, progress =>
            export.Write(request, method, progress, cancellationToken));
        json.Ui.Line($"ranges from {report.CalibrationImageCount} images, judged on {report.EvaluationImageCount} others of {dataset.Name}");
        Table table = Tables.Create(json.Ui, "", ">AP", ">AP50", ">ms an image", ">MB");
        Row("float32", report.Float32);
        Row("int8", report.Int8);
        json.Ui.Write(table);
        json.Ui.Dim("ms: median of the file's run in ONNX Runtime alone, both files in turn on each image");
        if (report.Float32.AP - report.Int8.AP > MaxApLoss)
        {
            json.Ui.Warn($"8 bits cost {report.Float32.AP - report.Int8.AP:0.0000} AP. Try another --method, or --half.");
        }

        json.Ui.Success($"Written: {request.Output}");
        json.Write(() => ExportJson.Create(request.Output, report));

        void Row(string name, OnnxMetrics scores) => table.Row(
            name,
            Tables.FormatScore(scores.AP),
            Tables.FormatScore(scores.AP50),
            scores.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture),
            (scores.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture));
    }

    private static void Report(ConsoleUi ui, OnnxVerificationReport report, ExportRequest request)
    {
        OnnxTolerance tolerance = request.Half ? OnnxTolerance.Float16 : OnnxTolerance.Float32;
        string what = request.Variant == OnnxVariant.Detections ? "detections" : "locations";
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"checked in ONNX Runtime on {report.ImageCount} pictures, random and {(request.Images.Count > 0 ? "real" : "drawn")}, at 3 sizes and 3 batch sizes: {report.ComparedCount} {what} equal"));
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"largest difference: box {report.MaxBoxDifference:0.#####} px (allowed {tolerance.Box}), score {report.MaxScoreDifference:0.#######} (allowed {tolerance.Score})"));
        if (report.Tolerated > 0)
        {
            ui.Dim($"{report.Tolerated} detections more or less where scores or overlaps are equal within the tolerance");
        }

        if (report.ComparedCount == 0)
        {
            ui.Warn("The model finds nothing in these pictures, so little was compared. Give others with --images.");
        }

        ui.Success(string.Create(
            CultureInfo.InvariantCulture, $"Written: {request.Output} ({new FileInfo(request.Output).Length / 1e6:0.0} MB)"));
    }

    // Beside the weights; a published model's lie in the cache, so its export goes to the working folder.
    private static string GetTarget(ExportCommandOptions words, string weights)
    {
        string suffix = string.Concat(
            words.Raw ? ".raw" : words.NoNms ? ".candidates" : "", words.Half ? ".half" : "", words.Calibrate is null ? "" : ".int8", ".onnx");
        string stem = Directory.Exists(words.Model) ? Path.Combine(words.Model, "model")
            : File.Exists(words.Model) ? Path.ChangeExtension(words.Model, null)
            : words.Model;
        string target = words.Out ?? stem + suffix;
        return string.Equals(Path.GetFullPath(target), Path.GetFullPath(weights), StringComparison.Ordinal)
            ? throw new FocalSharpException($"{weights}: would be overwritten by its own export. Name another file with --out.")
            : Directory.Exists(target)
                ? throw new FocalSharpException($"{target}: is a folder. Name a file with --out, such as {Path.Combine(target, "model" + suffix)}.")
                : target;
    }

    private static RgbImage[] LoadImages(ExportCommandOptions words)
    {
        if (words.Images.Count > 0)
        {
            return [.. PredictInputs.Expand(words.Images).Take(MaxImages).Select(path => ImageDecoder.Decode(path))];
        }

        string own = Path.Combine(words.Model, "pictures");
        return Directory.Exists(own)
            ? [.. Directory.EnumerateFiles(own, "*.png").Order(StringComparer.Ordinal).Take(MaxImages).Select(path => ImageDecoder.Decode(path))]
            : [];
    }
}
