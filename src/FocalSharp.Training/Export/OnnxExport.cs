using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Resizing;
using FocalSharp.IO;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;
using FocalSharp.Training.Demo;
using FocalSharp.Training.Inference;

namespace FocalSharp.Training.Export;

/// <summary>
/// Writes a model as an ONNX file that is known to work: the file is written beside its target, run against the model, and takes the
/// target's place only where both agree.
/// </summary>
public static class OnnxExport
{
    private const int DrawnScenes = 6;

    /// <summary>Writes and checks.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">What to write, and where to.</param>
    /// <param name="progress">Told the number of checks done, of <see cref="CheckInputs.Count"/>.</param>
    /// <param name="cancellation">Ends the work; nothing is written then.</param>
    /// <exception cref="UserErrorException">
    /// The file cannot be written, or disagrees with the model; what was there before is untouched.
    /// </exception>
    public static OnnxCheckReport Write(
        LoadedModel model, ExportRequest request, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Write(model, request, request.Half ? OnnxTolerance.Float16 : OnnxTolerance.Float32, progress, cancellation);

    /// <summary>The same with differences allowed as one likes.</summary>
    internal static OnnxCheckReport Write(
        LoadedModel model, ExportRequest request, OnnxTolerance tolerance, IProgress<int>? progress, CancellationToken cancellation)
    {
        OnnxModel file = OnnxExporter.Export(model.Detector, Options(model, request));
        OnnxCheckReport? report = null;
        AtomicFile.Write(request.Output, file.Write, written =>
        {
            report = OnnxCheck.Run(
                written, model.Detector, request.Variant, tolerance, model.Rule, PicturesOf(request), progress, cancellation);
            if (report.Faults.Count > 0)
            {
                throw new UserErrorException(
                    $"{request.Output}: not written, since in ONNX Runtime it does not give what the model gives; what was there before is untouched. "
                    + $"Allowed are {tolerance.Box} px and {tolerance.Score} of score.\n  {string.Join("\n  ", report.Faults)}");
            }
        });
        return report!;
    }

    /// <summary>What an exported file says of its model.</summary>
    public static OnnxExportOptions Options(LoadedModel model, ExportRequest request)
    {
        IReadOnlyDictionary<string, string> resize = ResizeFacts.Of(model.Rule);
        Dictionary<string, string> run = model.Facts
            .Where(fact => !resize.ContainsKey(fact.Key) && fact.Key != "licence").ToDictionary();
        string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(model.Path))) ?? "";
        run.TryAdd("folder", folder);
        run.TryAdd("weights", Path.GetFileName(model.Path));
        return new OnnxExportOptions
        {
            Variant = request.Variant,
            Half = request.Half,
            Model = request.Name ?? model.Facts.GetValueOrDefault("recipe") ?? Path.GetFileNameWithoutExtension(model.Path),
            Licence = request.Licence ?? model.Facts.GetValueOrDefault("licence") ?? "",
            Run = JsonSerializer.Serialize(run),
            Resize = resize,
            Divisor = model.Rule.Divisor,
        };
    }

    /// <summary>The request's pictures, or drawn scenes.</summary>
    internal static IReadOnlyList<RgbImage> PicturesOf(ExportRequest request)
    {
        if (request.Pictures.Count > 0)
        {
            return request.Pictures;
        }

        SceneGenerator generator = new(new SceneOptions { ImageSize = 384 });
        return [.. Enumerable.Range(0, DrawnScenes).Select(i => generator.Render(i, DatasetSplit.Val).Image)];
    }
}
