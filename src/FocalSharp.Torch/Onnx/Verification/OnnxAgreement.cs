using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Geometry;

namespace FocalSharp.Torch.Onnx.Verification;

/// <summary>
/// Whether a file's detections of one picture are the detector's. The rule: each detection of either side has a partner on the other with the
/// same label, score, edges and deviations within the tolerance. One that has none is excused only where a decision hung by a thread: its score
/// lies within twice the tolerance of the threshold, of a cut (per level, or the last of the most detections), or of that of a box which
/// overlaps it, or its overlap lies within <see cref="OverlapMargin"/> of the NMS threshold, or it overlaps another that is excused.
/// An excused one must still be a candidate of the detector's, with box and score within the tolerance.
/// </summary>
public sealed class OnnxAgreement
{
    /// <summary>IoU within which a decision of NMS is taken as open: boxes of 20 px that differ by 0.1 px differ by 0.01.</summary>
    public const double OverlapMargin = 0.01;

    private readonly ReferenceDetections _reference;
    private readonly PostprocessOptions _options;
    private readonly OnnxTolerance _tolerance;
    private int _unmatched;
    private readonly List<string> _faults = [];

    private OnnxAgreement(ReferenceDetections reference, PostprocessOptions options, OnnxTolerance tolerance) =>
        (_reference, _options, _tolerance) = (reference, options, tolerance);

    /// <summary>Detections with a partner.</summary>
    public int Matched { get; private set; }

    /// <summary>Detections without a partner that are excused.</summary>
    public int Excused { get; private set; }

    /// <summary>Largest difference of an edge among the matched, in pixels.</summary>
    public double LargestBoxDifference { get; private set; }

    /// <summary>Largest difference of a score among the matched.</summary>
    public double LargestScoreDifference { get; private set; }

    /// <summary>Largest difference of a side's deviation among the matched, in pixels.</summary>
    public double LargestDeviationDifference { get; private set; }

    /// <summary>What is wrong; empty where the file agrees.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Compares.</summary>
    /// <param name="reference">What the detector says.</param>
    /// <param name="found">What the file says.</param>
    /// <param name="options">Thresholds and limits that both were given.</param>
    /// <param name="tolerance">Largest differences.</param>
    public static OnnxAgreement Compare(
        ReferenceDetections reference, IReadOnlyList<Detection> found, PostprocessOptions options, OnnxTolerance tolerance)
    {
        OnnxAgreement agreement = new(reference, options, tolerance);
        agreement.Match(found);
        return agreement;
    }

    private void Match(IReadOnlyList<Detection> found)
    {
        List<Detection> open = [.. found];
        List<Detection> missing = [];
        foreach (Detection expected in _reference.Detections)
        {
            int partner = Nearest(open, expected);
            if (partner < 0)
            {
                missing.Add(expected);
                continue;
            }

            Count(expected, open[partner]);
            open.RemoveAt(partner);
        }

        List<Detection> extra = [];
        foreach (Detection detection in open)
        {
            int candidate = Nearest(_reference.Candidates, detection);
            if (candidate < 0)
            {
                _faults.Add($"the file has {Text(detection)}, which is no candidate of the detector's");
            }
            else
            {
                extra.Add(_reference.Candidates[candidate]);
            }
        }

        Judge([.. missing.Select(d => (d, "the file lacks")), .. extra.Select(d => (d, "the file has, and the detector does not keep,"))]);
    }

    private void Count(Detection expected, Detection actual)
    {
        Matched++;
        LargestBoxDifference = Math.Max(LargestBoxDifference, Difference(expected.Box, actual.Box));
        LargestDeviationDifference = Math.Max(LargestDeviationDifference, Difference(expected.Deviation, actual.Deviation));
        LargestScoreDifference = Math.Max(LargestScoreDifference, Math.Abs(expected.Score - actual.Score));
    }

    private void Judge(List<(Detection Detection, string What)> unmatched)
    {
        _unmatched = unmatched.Count;
        List<Detection> excused = [.. unmatched.Select(pair => pair.Detection).Where(HangsByAThread)];

        // What one such decision brings in its train: a box that came or went changes the fate of those that it overlaps.
        for (int before = -1; before != excused.Count;)
        {
            before = excused.Count;
            excused.AddRange([.. unmatched.Select(pair => pair.Detection)
                .Where(detection => !excused.Contains(detection) && excused.Exists(other => Overlap(detection, other)))]);
        }

        Excused = excused.Count;
        _faults.AddRange(unmatched.Where(pair => !excused.Contains(pair.Detection)).Select(pair => $"{pair.What} {Text(pair.Detection)}"));
    }

    private bool HangsByAThread(Detection detection)
    {
        IEnumerable<float> cuts = _reference.Cuts.Append((float)_options.ScoreThreshold);
        if (_reference.Detections.Count == _options.MaxDetections && _options.MaxDetections > 0)
        {
            // Every other one without a partner moves the end of the list by one.
            int last = Math.Max(0, _reference.Detections.Count - _unmatched);
            cuts = cuts.Concat(_reference.Detections.Skip(last).Select(end => end.Score));
        }

        return cuts.Any(cut => Near(cut, detection.Score)) || _reference.Candidates.Any(other => other != detection && Disputes(detection, other));
    }

    private bool Disputes(Detection detection, Detection other)
    {
        if (!Overlap(detection, other))
        {
            return false;
        }

        bool even = Near(other.Score, detection.Score);
        return even || (other.Score > detection.Score && BoxIou.Iou(detection.Box, other.Box) <= _options.NmsThreshold + OverlapMargin);
    }

    private bool Overlap(Detection a, Detection b) => a.Label == b.Label && BoxIou.Iou(a.Box, b.Box) > _options.NmsThreshold - OverlapMargin;

    private bool Near(double a, double b) => Math.Abs(a - b) <= 2 * _tolerance.Score;

    private int Nearest(IReadOnlyList<Detection> among, Detection wanted)
    {
        (int best, double least) = (-1, _tolerance.Box);
        for (int i = 0; i < among.Count; i++)
        {
            double difference = Math.Max(Difference(among[i].Box, wanted.Box), Difference(among[i].Deviation, wanted.Deviation));
            if (among[i].Label == wanted.Label && Math.Abs(among[i].Score - wanted.Score) <= _tolerance.Score && difference <= least)
            {
                (best, least) = (i, difference);
            }
        }

        return best;
    }

    private static double Difference(Box a, Box b) =>
        Math.Max(Math.Max(Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1)), Math.Max(Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2)));

    private static double Difference(SideValues a, SideValues b) =>
        Math.Max(Math.Max(Math.Abs(a.Left - b.Left), Math.Abs(a.Top - b.Top)), Math.Max(Math.Abs(a.Right - b.Right), Math.Abs(a.Bottom - b.Bottom)));

    private static string Text(Detection detection) =>
        $"label {detection.Label}, score {detection.Score:0.00000}, box {detection.Box.X1:0.00} {detection.Box.Y1:0.00} {detection.Box.X2:0.00} {detection.Box.Y2:0.00}";
}
