using System.Text.Json;
using FocalSharp.Detections.Calibration;
using FocalSharp.Imaging.Resizing;
using FocalSharp.IO;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Models.Export;

/// <summary>
/// Exports a model as an ONNX file that is known to work: the file is written beside its target, compared with the weights, and replaces the
/// target only if both agree.
/// </summary>
public static class OnnxExport
{
    /// <summary>The number of steps that <see cref="Write(TorchDetector, ExportRequest, IProgress{int}?, CancellationToken)"/> reports.</summary>
    public static int StepCount => VerificationBatch.BatchCount;

    /// <summary>Writes and verifies the file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The file and its options.</param>
    /// <param name="progress">Receives the number of verification steps done, of <see cref="StepCount"/>.</param>
    /// <param name="cancellationToken">Cancels the export; nothing is written.</param>
    /// <exception cref="FileException">The file cannot be written; an existing file is unchanged.</exception>
    /// <exception cref="ModelException">The file disagrees with the weights; an existing file is unchanged.</exception>
    public static OnnxVerificationReport Write(
        TorchDetector model, ExportRequest request, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return Write(model, request, request.Half ? OnnxTolerance.Float16 : OnnxTolerance.Float32, progress, cancellationToken);
    }

    /// <summary>Writes and verifies the file with a tolerance.</summary>
    internal static OnnxVerificationReport Write(
        TorchDetector model, ExportRequest request, OnnxTolerance tolerance, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        OnnxModel file = OnnxExporter.Export(model.Network, CreateOptions(model, request));
        OnnxVerificationReport? report = null;
        AtomicFile.Write(request.Output, file.Write, written =>
        {
            report = OnnxVerifier.Verify(written, model, request.Variant, tolerance, request.Images, progress, cancellationToken);
            if (report.Mismatches.Count > 0)
            {
                throw new ModelException(
                    $"{request.Output}: not written, because ONNX Runtime returns other results than the weights; an existing file is unchanged. "
                    + $"Tolerance: {tolerance.Box} px and {tolerance.Score} of score.\n  {string.Join("\n  ", report.Mismatches)}")
                { Path = request.Output };
            }
        });
        return report!;
    }

    /// <summary>Creates the metadata and options of an exported file.</summary>
    internal static OnnxExportOptions CreateOptions(TorchDetector model, ExportRequest request)
    {
        IReadOnlyDictionary<string, string> resize = ResizeRuleSerializer.ToMetadata(model.Model.Resize);
        Dictionary<string, string> run = model.Metadata
            .Where(entry => !resize.ContainsKey(entry.Key) && entry.Key != "licence").ToDictionary();
        if (model.Path is { } path)
        {
            run.TryAdd("folder", Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "");
            run.TryAdd("weights", Path.GetFileName(path));
        }

        return new OnnxExportOptions
        {
            Variant = request.Variant,
            Half = request.Half,
            Model = request.Name ?? model.Model.Name,
            License = request.License ?? model.Model.License,
            Run = JsonSerializer.Serialize(run),
            Resize = resize,
            Divisor = model.Model.Resize.Divisor,
            Calibration = model.Model.Calibration is { } calibration ? DetectionCalibrationJson.Write(calibration) : null,
        };
    }
}
