using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Resizing;
using FocalSharp.IO;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Models.Export;

/// <summary>
/// Writes a model as an ONNX file that is known to work: the file is written beside its target, run against the model, and takes the
/// target's place only where both agree.
/// </summary>
public static class OnnxExport
{
    private const int SceneCount = 6;

    /// <summary>Writes and checks.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">What to write, and where to.</param>
    /// <param name="progress">Told the number of checks done, of <see cref="VerificationBatch.BatchCount"/>.</param>
    /// <param name="cancellationToken">Ends the work; nothing is written then.</param>
    /// <exception cref="FocalSharpException">
    /// The file cannot be written, or disagrees with the model; what was there before is untouched.
    /// </exception>
    public static OnnxVerificationReport Write(
        LoadedModel model, ExportRequest request, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Write(model, request, request.Half ? OnnxTolerance.Float16 : OnnxTolerance.Float32, progress, cancellationToken);

    /// <summary>The same with differences allowed as one likes.</summary>
    internal static OnnxVerificationReport Write(
        LoadedModel model, ExportRequest request, OnnxTolerance tolerance, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        OnnxModel file = OnnxExporter.Export(model.Detector, CreateOptions(model, request));
        OnnxVerificationReport? report = null;
        AtomicFile.Write(request.Output, file.Write, written =>
        {
            report = OnnxVerifier.Verify(
                written, model.Detector, request.Variant, tolerance, model.ResizeRule, GetVerificationImages(request), progress, cancellationToken);
            if (report.Mismatches.Count > 0)
            {
                throw new FocalSharpException(
                    $"{request.Output}: not written, since in ONNX Runtime it does not give what the model gives; what was there before is untouched. "
                    + $"Allowed are {tolerance.Box} px and {tolerance.Score} of score.\n  {string.Join("\n  ", report.Mismatches)}");
            }
        });
        return report!;
    }

    /// <summary>What an exported file says of its model.</summary>
    public static OnnxExportOptions CreateOptions(LoadedModel model, ExportRequest request)
    {
        IReadOnlyDictionary<string, string> resize = ResizeRuleSerializer.ToMetadata(model.ResizeRule);
        Dictionary<string, string> run = model.Metadata
            .Where(fact => !resize.ContainsKey(fact.Key) && fact.Key != "licence").ToDictionary();
        string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(model.Path))) ?? "";
        run.TryAdd("folder", folder);
        run.TryAdd("weights", Path.GetFileName(model.Path));
        return new OnnxExportOptions
        {
            Variant = request.Variant,
            Half = request.Half,
            Model = request.Name ?? model.Metadata.GetValueOrDefault("recipe") ?? Path.GetFileNameWithoutExtension(model.Path),
            License = request.License ?? model.Metadata.GetValueOrDefault("licence") ?? "",
            Run = JsonSerializer.Serialize(run),
            Resize = resize,
            Divisor = model.ResizeRule.Divisor,
        };
    }

    /// <summary>The request's pictures, or drawn scenes.</summary>
    internal static IReadOnlyList<RgbImage> GetVerificationImages(ExportRequest request)
    {
        if (request.Images.Count > 0)
        {
            return request.Images;
        }

        SceneGenerator generator = new(new SceneOptions { ImageSize = 384 });
        return [.. Enumerable.Range(0, SceneCount).Select(i => generator.Render(i, DatasetSplit.Val).Image)];
    }
}
