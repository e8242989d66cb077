using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Heads;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Training.Export;

/// <summary>Runs an exported file in ONNX Runtime beside its detector in libtorch; the rule is <see cref="OnnxAgreement"/>'s.</summary>
public static class OnnxCheck
{
    // Enough to meet ties and suppression, whatever the detector's own threshold lets through.
    private const int WantedCandidates = 300;
    private const int MaxDetections = 300;
    private const int MostFaults = 10;

    /// <summary>Compares on random and real pictures, at three sizes and three batch sizes each.</summary>
    /// <param name="path">The file.</param>
    /// <param name="detector">What it was made from.</param>
    /// <param name="variant">What it puts out.</param>
    /// <param name="tolerance">Largest differences.</param>
    /// <param name="rule">The detector's resize rule.</param>
    /// <param name="pictures">At least one real picture.</param>
    /// <param name="progress">Told the number of batches done, of <see cref="CheckInputs.Count"/>.</param>
    /// <param name="cancellation">Ends the work between batches.</param>
    public static OnnxCheckReport Run(
        string path,
        GflDetector detector,
        OnnxVariant variant,
        OnnxTolerance tolerance,
        ResizeRule rule,
        IReadOnlyList<RgbImage> pictures,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        using OnnxSession session = new(path);
        OnnxCheckReport report = new();
        int done = 0;
        foreach (CheckInputs inputs in CheckInputs.All(rule, pictures))
        {
            cancellation.ThrowIfCancellationRequested();
            using HeadOutput output = ReferenceDetections.Run(detector, inputs.Pixels, inputs.Frames, inputs.Height, inputs.Width);
            report = variant == OnnxVariant.Detections
                ? Selected(session, detector, output, inputs, tolerance, report)
                : Dense(session, detector, variant, output, inputs, tolerance, report);
            progress?.Report(++done);
            if (report.Faults.Count >= MostFaults)
            {
                break;
            }
        }

        return report;
    }

    private static OnnxCheckReport Selected(
        OnnxSession session, GflDetector detector, HeadOutput output, CheckInputs inputs, OnnxTolerance tolerance, OnnxCheckReport report)
    {
        PostprocessOptions own = detector.Options.Postprocess;
        double enough = ReferenceDetections.ScoreOfRank(output, detector.Options.Classes.Count, WantedCandidates * inputs.Frames.Length);
        PostprocessOptions options = own with
        {
            ScoreThreshold = Math.Min(own.ScoreThreshold, enough),
            MaxDetections = MaxDetections,
        };
        ReferenceDetections[] expected = ReferenceDetections.Decode(detector, output, inputs.Frames, options, tolerance);
        Detection[][] found = session.Detect(inputs.Pixels, inputs.Frames, inputs.Height, inputs.Width, options);
        for (int i = 0; i < found.Length; i++)
        {
            OnnxAgreement agreement = OnnxAgreement.Compare(expected[i], found[i], options, tolerance);
            report = report with
            {
                Pictures = report.Pictures + 1,
                Compared = report.Compared + agreement.Matched,
                Excused = report.Excused + agreement.Excused,
                Box = Math.Max(report.Box, agreement.LargestBoxDifference),
                Score = Math.Max(report.Score, agreement.LargestScoreDifference),
                Faults = [.. report.Faults, .. agreement.Faults.Select(fault => $"{inputs.What}: {fault}")],
            };
        }

        return report;
    }

    private static OnnxCheckReport Dense(
        OnnxSession session,
        GflDetector detector,
        OnnxVariant variant,
        HeadOutput output,
        CheckInputs inputs,
        OnnxTolerance tolerance,
        OnnxCheckReport report)
    {
        IReadOnlyDictionary<string, float[]> found = session.Run(inputs.Pixels, inputs.Frames, inputs.Height, inputs.Width);
        OnnxDifference difference = variant == OnnxVariant.Raw
            ? DenseAgreement.Raw(detector, output, found["class_logits"], found["distributions"])
            : DenseAgreement.Candidates(detector, output, inputs.Frames, found["boxes"], found["scores"], found["deviations"]);
        bool agrees = difference.Box <= tolerance.Box && difference.Score <= tolerance.Score;
        return report with
        {
            Pictures = report.Pictures + inputs.Frames.Length,
            Compared = report.Compared + ((long)difference.Points * inputs.Frames.Length),
            Box = Math.Max(report.Box, difference.Box),
            Score = Math.Max(report.Score, difference.Score),
            Faults = agrees
                ? report.Faults
                : [.. report.Faults, $"{inputs.What}: edges differ by up to {difference.Box:0.####} px, scores by up to {difference.Score:0.#######}"],
        };
    }
}
