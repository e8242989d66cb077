using System.Globalization;
using FocalSharp.Cli.Terminal;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;
using FocalSharp.Training.Export;
using FocalSharp.Training.Inference;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>export</c>: a model becomes an ONNX file, checked as it is written.</summary>
internal static class ExportCommand
{
    private const int MostPictures = 12;

    /// <summary>Exports as asked.</summary>
    public static int Run(ExportWords words, ConsoleUi ui, CancellationToken cancellation)
    {
        JsonOutput json = new(words.Json, ui);
        RgbImage[] pictures = Pictures(words);
        using LoadedModel model = LoadedModel.Load(words.Model);
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
        OnnxCheckReport report = Steps.Show(json.Ui, "checking in ONNX Runtime", CheckInputs.Count, progress =>
            OnnxExport.Write(model, request, progress, cancellation));
        Tell(json.Ui, report, request);
        json.Write(() => Json(target, report));
        return ExitCodes.Success;
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

    private static string Json(string target, OnnxCheckReport report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", target);
        writer.WriteNumber("bytes", new FileInfo(target).Length);
        writer.WriteNumber("pictures", report.Pictures);
        writer.WriteNumber("compared", report.Compared);
        writer.WriteNumber("excused", report.Excused);
        writer.WriteNumber("largest_box_difference", report.Box);
        writer.WriteNumber("largest_score_difference", report.Score);
        writer.WriteEndObject();
    });
}
