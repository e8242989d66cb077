using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Models.Export;

/// <summary>Runs an exported file in ONNX Runtime and its weights in libtorch, and compares by <see cref="DetectionComparison"/>.</summary>
internal static class OnnxVerifier
{
    // Enough candidates to meet ties and suppression at any score threshold of the model.
    private const int TargetCandidates = 300;
    private const int MaxDetections = 300;
    private const int MaxMismatches = 10;

    /// <summary>Compares on random and real images, at three sizes and three batch sizes each.</summary>
    /// <param name="path">The exported file.</param>
    /// <param name="model">The weights it was exported from.</param>
    /// <param name="variant">Its outputs.</param>
    /// <param name="tolerance">Largest differences.</param>
    /// <param name="images">Real images; if empty, drawn patterns.</param>
    /// <param name="progress">Receives the number of batches done, of <see cref="VerificationBatch.BatchCount"/>.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    public static OnnxVerificationReport Verify(
        string path,
        TorchDetector model,
        ModelVariant variant,
        OnnxTolerance tolerance,
        IReadOnlyList<RgbImage> images,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using ModelSession session = ModelSession.Open(path);
        OnnxVerificationReport report = new();
        int done = 0;
        foreach (VerificationBatch batch in VerificationBatch.CreateAll(model.Model.Resize, images))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using HeadOutput output = ReferenceDetections.Run(model.Network, batch.Pixels, batch.Transforms, batch.Size.Height, batch.Size.Width);
            report = variant == ModelVariant.Detections
                ? VerifyDetections(session, model, output, batch, tolerance, report)
                : VerifyDenseOutputs(session, model, variant, output, batch, tolerance, report);
            progress?.Report(++done);
            if (report.Mismatches.Count >= MaxMismatches)
            {
                break;
            }
        }

        return report;
    }

    private static OnnxVerificationReport VerifyDetections(
        ModelSession session, TorchDetector model, HeadOutput output, VerificationBatch batch, OnnxTolerance tolerance, OnnxVerificationReport report)
    {
        PostprocessOptions own = model.Network.Options.Postprocess;
        double enough = ReferenceDetections.ScoreAtRank(output, model.Classes.Count, TargetCandidates * batch.Transforms.Length);
        PostprocessOptions options = own with
        {
            ScoreThreshold = Math.Min(own.ScoreThreshold, enough),
            MaxDetections = MaxDetections,
        };
        ReferenceDetections[] expected = ReferenceDetections.Decode(model.Network, output, batch.Transforms, options, tolerance);
        Detection[][] found = batch.Detect(session, options);
        for (int i = 0; i < found.Length; i++)
        {
            DetectionComparison comparison = DetectionComparison.Compare(expected[i], found[i], options, tolerance);
            report = report with
            {
                ImageCount = report.ImageCount + 1,
                ComparedCount = report.ComparedCount + comparison.Matched,
                Tolerated = report.Tolerated + comparison.Tolerated,
                MaxBoxDifference = Math.Max(report.MaxBoxDifference, comparison.MaxBoxDifference),
                MaxScoreDifference = Math.Max(report.MaxScoreDifference, comparison.MaxScoreDifference),
                Mismatches = [.. report.Mismatches, .. comparison.Mismatches.Select(error => $"{batch.Description}: {error}")],
            };
        }

        return report;
    }

    private static OnnxVerificationReport VerifyDenseOutputs(
        ModelSession session,
        TorchDetector model,
        ModelVariant variant,
        HeadOutput output,
        VerificationBatch batch,
        OnnxTolerance tolerance,
        OnnxVerificationReport report)
    {
        IReadOnlyDictionary<string, float[]> found = session.Run(batch.Pixels, batch.Transforms, batch.Size);
        OnnxDifference difference = variant == ModelVariant.Raw
            ? DenseOutputComparison.Raw(model.Network, output, found["class_logits"], found["distributions"])
            : DenseOutputComparison.Candidates(model.Network, output, batch.Transforms, found["boxes"], found["scores"], found["deviations"]);
        bool agrees = difference.Box <= tolerance.Box && difference.Score <= tolerance.Score;
        return report with
        {
            ImageCount = report.ImageCount + batch.Transforms.Length,
            ComparedCount = report.ComparedCount + ((long)difference.Points * batch.Transforms.Length),
            MaxBoxDifference = Math.Max(report.MaxBoxDifference, difference.Box),
            MaxScoreDifference = Math.Max(report.MaxScoreDifference, difference.Score),
            Mismatches = agrees
                ? report.Mismatches
                : [.. report.Mismatches, $"{batch.Description}: edges differ by up to {difference.Box:0.####} px, scores by up to {difference.Score:0.#######}"],
        };
    }
}
