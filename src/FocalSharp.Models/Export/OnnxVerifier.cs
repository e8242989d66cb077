using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Models.Export;

/// <summary>Runs an exported file in ONNX Runtime beside its detector in libtorch; the rule is <see cref="DetectionComparison"/>'s.</summary>
internal static class OnnxVerifier
{
    // Enough to meet ties and suppression, whatever the detector's own threshold lets through.
    private const int TargetCandidates = 300;
    private const int MaxDetections = 300;
    private const int MaxMismatches = 10;

    /// <summary>Compares on random and real pictures, at three sizes and three batch sizes each.</summary>
    /// <param name="path">The file.</param>
    /// <param name="detector">What it was made from.</param>
    /// <param name="variant">What it puts out.</param>
    /// <param name="tolerance">Largest differences.</param>
    /// <param name="rule">The detector's resize rule.</param>
    /// <param name="pictures">At least one real picture.</param>
    /// <param name="progress">Told the number of batches done, of <see cref="VerificationBatch.BatchCount"/>.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    public static OnnxVerificationReport Verify(
        string path,
        GflDetector detector,
        OnnxVariant variant,
        OnnxTolerance tolerance,
        ResizeRule rule,
        IReadOnlyList<RgbImage> pictures,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using OnnxSession session = new(path);
        OnnxVerificationReport report = new();
        int done = 0;
        foreach (VerificationBatch inputs in VerificationBatch.CreateAll(rule, pictures))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using HeadOutput output = ReferenceDetections.Run(detector, inputs.Pixels, inputs.Frames, inputs.Height, inputs.Width);
            report = variant == OnnxVariant.Detections
                ? VerifyDetections(session, detector, output, inputs, tolerance, report)
                : VerifyDenseOutputs(session, detector, variant, output, inputs, tolerance, report);
            progress?.Report(++done);
            if (report.Mismatches.Count >= MaxMismatches)
            {
                break;
            }
        }

        return report;
    }

    private static OnnxVerificationReport VerifyDetections(
        OnnxSession session, GflDetector detector, HeadOutput output, VerificationBatch inputs, OnnxTolerance tolerance, OnnxVerificationReport report)
    {
        PostprocessOptions own = detector.Options.Postprocess;
        double enough = ReferenceDetections.ScoreAtRank(output, detector.Options.Classes.Count, TargetCandidates * inputs.Frames.Length);
        PostprocessOptions options = own with
        {
            ScoreThreshold = Math.Min(own.ScoreThreshold, enough),
            MaxDetections = MaxDetections,
        };
        ReferenceDetections[] expected = ReferenceDetections.Decode(detector, output, inputs.Frames, options, tolerance);
        Detection[][] found = session.Detect(inputs.Pixels, inputs.Frames, inputs.Height, inputs.Width, options);
        for (int i = 0; i < found.Length; i++)
        {
            DetectionComparison agreement = DetectionComparison.Compare(expected[i], found[i], options, tolerance);
            report = report with
            {
                ImageCount = report.ImageCount + 1,
                ComparedCount = report.ComparedCount + agreement.Matched,
                Tolerated = report.Tolerated + agreement.Tolerated,
                MaxBoxDifference = Math.Max(report.MaxBoxDifference, agreement.MaxBoxDifference),
                MaxScoreDifference = Math.Max(report.MaxScoreDifference, agreement.MaxScoreDifference),
                Mismatches = [.. report.Mismatches, .. agreement.Mismatches.Select(error => $"{inputs.Description}: {error}")],
            };
        }

        return report;
    }

    private static OnnxVerificationReport VerifyDenseOutputs(
        OnnxSession session,
        GflDetector detector,
        OnnxVariant variant,
        HeadOutput output,
        VerificationBatch inputs,
        OnnxTolerance tolerance,
        OnnxVerificationReport report)
    {
        IReadOnlyDictionary<string, float[]> found = session.Run(inputs.Pixels, inputs.Frames, inputs.Height, inputs.Width);
        OnnxDifference difference = variant == OnnxVariant.Raw
            ? DenseOutputComparison.Raw(detector, output, found["class_logits"], found["distributions"])
            : DenseOutputComparison.Candidates(detector, output, inputs.Frames, found["boxes"], found["scores"], found["deviations"]);
        bool agrees = difference.Box <= tolerance.Box && difference.Score <= tolerance.Score;
        return report with
        {
            ImageCount = report.ImageCount + inputs.Frames.Length,
            ComparedCount = report.ComparedCount + ((long)difference.Points * inputs.Frames.Length),
            MaxBoxDifference = Math.Max(report.MaxBoxDifference, difference.Box),
            MaxScoreDifference = Math.Max(report.MaxScoreDifference, difference.Score),
            Mismatches = agrees
                ? report.Mismatches
                : [.. report.Mismatches, $"{inputs.Description}: edges differ by up to {difference.Box:0.####} px, scores by up to {difference.Score:0.#######}"],
        };
    }
}
