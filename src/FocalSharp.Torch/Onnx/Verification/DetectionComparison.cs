using FocalSharp.Boxes;
using FocalSharp.Detections;

namespace FocalSharp.Torch.Onnx.Verification;

/// <summary>
/// Compares a file's detections of one image with the detector's. Each detection needs a match with the same label, and score,
/// edges and deviations within the tolerance. An unmatched detection is tolerated only at a decision boundary: its score is
/// within twice the tolerance of the threshold, of a cutoff (per level, or the maximum number of detections) or of the score of a
/// box that overlaps it, or its IoU is within <see cref="OverlapMargin"/> of the NMS threshold, or it overlaps another tolerated
/// one. It must still be a candidate of the detector, within the tolerance.
/// </summary>
internal sealed class DetectionComparison
{
    /// <summary>IoU margin of NMS decisions: an edge difference of 0.1 px changes the IoU of boxes of 20 px by 0.01.</summary>
    public const double OverlapMargin = 0.01;

    private readonly ReferenceDetections _reference;
    private readonly PostprocessOptions _options;
    private readonly OnnxTolerance _tolerance;
    private int _unmatched;
    private readonly List<string> _mismatches = [];

    private DetectionComparison(ReferenceDetections reference, PostprocessOptions options, OnnxTolerance tolerance) =>
        (_reference, _options, _tolerance) = (reference, options, tolerance);

    /// <summary>Gets the number of matched detections.</summary>
    public int Matched { get; private set; }

    /// <summary>Gets the number of unmatched detections that are tolerated.</summary>
    public int Tolerated { get; private set; }

    /// <summary>Gets the largest difference of an edge among the matched, in pixels.</summary>
    public double MaxBoxDifference { get; private set; }

    /// <summary>Gets the largest difference of a score among the matched.</summary>
    public double MaxScoreDifference { get; private set; }

    /// <summary>Gets the largest difference of a side's deviation among the matched, in pixels.</summary>
    public double MaxDeviationDifference { get; private set; }

    /// <summary>Gets the mismatches; empty if the file agrees.</summary>
    public IReadOnlyList<string> Mismatches => _mismatches;

    /// <summary>Compares the detections of one image.</summary>
    /// <param name="reference">The detector's results.</param>
    /// <param name="found">The file's detections.</param>
    /// <param name="options">Thresholds and limits of both.</param>
    /// <param name="tolerance">Largest differences.</param>
    public static DetectionComparison Compare(
        ReferenceDetections reference, IReadOnlyList<Detection> found, PostprocessOptions options, OnnxTolerance tolerance)
    {
        DetectionComparison comparison = new(reference, options, tolerance);
        comparison.Match(found);
        return comparison;
    }

    private void Match(IReadOnlyList<Detection> found)
    {
        List<Detection> open = [.. found];
        List<Detection> missing = [];
        foreach (Detection expected in _reference.Detections)
        {
            int partner = FindNearest(open, expected);
            if (partner < 0)
            {
                missing.Add(expected);
                continue;
            }

            AddMatch(expected, open[partner]);
            open.RemoveAt(partner);
        }

        List<Detection> extra = [];
        foreach (Detection detection in open)
        {
            int candidate = FindNearest(_reference.Candidates, detection);
            if (candidate < 0)
            {
                _mismatches.Add($"the file has {Describe(detection)}, which is not a candidate of the detector");
            }
            else
            {
                extra.Add(_reference.Candidates[candidate]);
            }
        }

        CheckUnmatched([.. missing.Select(d => (d, "the file lacks")), .. extra.Select(d => (d, "the file has, but the detector does not return,"))]);
    }

    private void AddMatch(Detection expected, Detection actual)
    {
        Matched++;
        MaxBoxDifference = Math.Max(MaxBoxDifference, Difference(expected.Box, actual.Box));
        MaxDeviationDifference = Math.Max(MaxDeviationDifference, Difference(expected.Deviation, actual.Deviation));
        MaxScoreDifference = Math.Max(MaxScoreDifference, Math.Abs(expected.Score - actual.Score));
    }

    private void CheckUnmatched(List<(Detection Detection, string What)> unmatched)
    {
        _unmatched = unmatched.Count;
        List<Detection> tolerated = [.. unmatched.Select(pair => pair.Detection).Where(IsAtDecisionBoundary)];

        // A tolerated box may also change the result of those that it overlaps.
        for (int before = -1; before != tolerated.Count;)
        {
            before = tolerated.Count;
            tolerated.AddRange([.. unmatched.Select(pair => pair.Detection)
                .Where(detection => !tolerated.Contains(detection) && tolerated.Exists(other => Overlaps(detection, other)))]);
        }

        Tolerated = tolerated.Count;
        _mismatches.AddRange(unmatched.Where(pair => !tolerated.Contains(pair.Detection)).Select(pair => $"{pair.What} {Describe(pair.Detection)}"));
    }

    private bool IsAtDecisionBoundary(Detection detection)
    {
        IEnumerable<float> cuts = _reference.LevelCutoffs.Append((float)_options.ScoreThreshold);
        if (_reference.Detections.Count == _options.MaxDetections && _options.MaxDetections > 0)
        {
            // Every other unmatched detection shifts the end of the list by one.
            int last = Math.Max(0, _reference.Detections.Count - _unmatched);
            cuts = cuts.Concat(_reference.Detections.Skip(last).Select(end => end.Score));
        }

        return cuts.Any(cut => IsNear(cut, detection.Score)) || _reference.Candidates.Any(other => other != detection && MayAffectSuppression(detection, other));
    }

    private bool MayAffectSuppression(Detection detection, Detection other)
    {
        if (!Overlaps(detection, other))
        {
            return false;
        }

        bool even = IsNear(other.Score, detection.Score);
        return even || (other.Score > detection.Score && BoxIou.Iou(detection.Box, other.Box) <= _options.NmsThreshold + OverlapMargin);
    }

    private bool Overlaps(Detection a, Detection b) => a.Label == b.Label && BoxIou.Iou(a.Box, b.Box) > _options.NmsThreshold - OverlapMargin;

    private bool IsNear(double a, double b) => Math.Abs(a - b) <= 2 * _tolerance.Score;

    private int FindNearest(IReadOnlyList<Detection> among, Detection wanted)
    {
        (int best, double min) = (-1, _tolerance.Box);
        for (int i = 0; i < among.Count; i++)
        {
            double difference = Math.Max(Difference(among[i].Box, wanted.Box), Difference(among[i].Deviation, wanted.Deviation));
            if (among[i].Label == wanted.Label && Math.Abs(among[i].Score - wanted.Score) <= _tolerance.Score && difference <= min)
            {
                (best, min) = (i, difference);
            }
        }

        return best;
    }

    private static double Difference(Box a, Box b) =>
        Math.Max(Math.Max(Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1)), Math.Max(Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2)));

    private static double Difference(SideValues a, SideValues b) =>
        Math.Max(Math.Max(Math.Abs(a.Left - b.Left), Math.Abs(a.Top - b.Top)), Math.Max(Math.Abs(a.Right - b.Right), Math.Abs(a.Bottom - b.Bottom)));

    private static string Describe(Detection detection) =>
        $"label {detection.Label}, score {detection.Score:0.00000}, box {detection.Box.X1:0.00} {detection.Box.Y1:0.00} {detection.Box.X2:0.00} {detection.Box.Y2:0.00}";
}
