using System.Globalization;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;
using FocalSharp.Training.Export;
using FocalSharp.Training.Inference;
using Spectre.Console;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>export</c>: a model becomes an ONNX file, checked as it is written.</summary>
internal static class ExportCommand
{
    private const int MostPictures = 12;

    // AP beyond which an 8-bit file is hardly wanted.
    private const double MostLoss = 0.02;

    /// <summary>Exports as asked.</summary>
    public static int Run(ExportWords words, ConsoleUi ui, CancellationToken cancellation)
    {
        JsonOutput json = new(words.Json, ui);
        RgbImage[] pictures = Pictures(words);
        using LoadedModel model = LoadedModel.Load(words.Model, words.Size);
        string target = Target(words, model.Path);
        ExportRequest request = new()
        {
            Output = target,
            Variant = words.Raw ? OnnxVariant.Raw : words.NoNms ? OnnxVariant.Candidates : OnnxVariant.Detections,
            Half = words.Half,
            Name = words.Name,
            Licence = words.Licence,
            Pictures = pictures,
        };
        if (words.Calibrate is { } data)
        {
            ExportInt8(model, request, data, words.Method, json, cancellation);
            return ExitCodes.Success;
        }

        OnnxCheckReport report = Steps.Show(json.Ui, "checking in ONNX Runtime", CheckInputs.Count, progress =>
            OnnxExport.Write(model, request, progress, cancellation));
        Tell(json.Ui, report, request);
        json.Write(() => ExportJson.Of(target, report));
        return ExitCodes.Success;
    }

    private static void ExportInt8(
        LoadedModel model, ExportRequest request, string data, CalibrationMethod method, JsonOutput json, CancellationToken cancellation)
    {
        DetectionDataset dataset = DataSource.Open(data, json.Ui, cancellation);
        Int8Export export = new(model, dataset);
        Int8Report report = Steps.Show(json.Ui, "calibrating and judging", export.Steps, progress =>
            export.Write(request, method, progress, cancellation));
        json.Ui.Line($"ranges from {report.Calibrated} images, judged on {report.Judged} others of {dataset.Name}");
        Table table = Tables.Create(json.Ui, "", ">AP", ">AP50", ">ms an image", ">MB");
        Row("float32", report.Float32);
        Row("int8", report.Int8);
        json.Ui.Write(table);
        json.Ui.Quiet("ms: median of the file's run in ONNX Runtime alone, both files in turn on each image");
        if (report.Float32.AP - report.Int8.AP > MostLoss)
        {
            json.Ui.Warn($"8 bits cost {report.Float32.AP - report.Int8.AP:0.0000} AP. Try another --method, or --half.");
        }

        json.Ui.Success($"Written: {request.Output}");
        json.Write(() => ExportJson.Of(request.Output, report));

        void Row(string name, OnnxScores scores) => table.Row(
            name,
            Tables.Score(scores.AP),
            Tables.Score(scores.AP50),
            scores.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture),
            (scores.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture));
    }

    private static void Tell(ConsoleUi ui, OnnxCheckReport report, ExportRequest request)
    {
        OnnxTolerance tolerance = request.Half ? OnnxTolerance.Float16 : OnnxTolerance.Float32;
        string what = request.Variant == OnnxVariant.Detections ? "detections" : "locations";
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"checked in ONNX Runtime on {report.Pictures} pictures, random and {(request.Pictures.Count > 0 ? "real" : "drawn")}, at 3 sizes and 3 batch sizes: {report.Compared} {what} equal"));
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"largest difference: box {report.Box:0.#####} px (allowed {tolerance.Box}), score {report.Score:0.#######} (allowed {tolerance.Score})"));
        if (report.Excused > 0)
        {
            ui.Quiet($"{report.Excused} detections more or less where scores or overlaps are equal within the tolerance");
        }

        if (report.Compared == 0)
        {
            ui.Warn("The model finds nothing in these pictures, so little was compared. Give others with --images.");
        }

        ui.Success(string.Create(
            CultureInfo.InvariantCulture, $"Written: {request.Output} ({new FileInfo(request.Output).Length / 1e6:0.0} MB)"));
    }

    // Beside the weights; a published model's lie in the cache, so its export goes to the working folder.
    private static string Target(ExportWords words, string weights)
    {
        string suffix = string.Concat(
            words.Raw ? ".raw" : words.NoNms ? ".candidates" : "", words.Half ? ".half" : "", words.Calibrate is null ? "" : ".int8", ".onnx");
        string stem = Directory.Exists(words.Model) ? Path.Combine(words.Model, "model")
            : File.Exists(words.Model) ? Path.ChangeExtension(words.Model, null)
            : words.Model;
        string target = words.Out ?? stem + suffix;
        return string.Equals(Path.GetFullPath(target), Path.GetFullPath(weights), StringComparison.Ordinal)
            ? throw new UserErrorException($"{weights}: would be overwritten by its own export. Name another file with --out.")
            : Directory.Exists(target)
                ? throw new UserErrorException($"{target}: is a folder. Name a file with --out, such as {Path.Combine(target, "model" + suffix)}.")
                : target;
    }

    private static RgbImage[] Pictures(ExportWords words)
    {
        if (words.Images.Count > 0)
        {
            return [.. PredictInputs.Expand(words.Images).Take(MostPictures).Select(path => ImageDecoder.Decode(path))];
        }

        string own = Path.Combine(words.Model, "pictures");
        return Directory.Exists(own)
            ? [.. Directory.EnumerateFiles(own, "*.png").Order(StringComparer.Ordinal).Take(MostPictures).Select(path => ImageDecoder.Decode(path))]
            : [];
    }
}
