using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;
using FocalSharp.Evaluation.Calibration.Fitting;

namespace FocalSharp.Evaluation.Calibration;

/// <summary>How many true edges the intervals of a calibrated model contain.</summary>
/// <param name="Level">The fraction that they should contain.</param>
/// <param name="Boxes">The number of matched detections with an interval.</param>
/// <param name="Edges">The fraction of edges within their bounds.</param>
/// <param name="WholeBoxes">The fraction of boxes that lie between the inner and the outer box; NaN if there are none.</param>
/// <param name="MeanWidth">The mean width of an edge's interval in pixels.</param>
internal sealed record IntervalCoverage(double Level, int Boxes, double Edges, double WholeBoxes, double MeanWidth)
{
    /// <summary>Compares the intervals of matched detections with the true edges.</summary>
    /// <returns>An entry per level; empty if the detections have no intervals.</returns>
    public static IReadOnlyList<IntervalCoverage> Compute(IReadOnlyList<MatchedBox> boxes) =>
    [
        .. DetectionCalibration.DefaultLevels
            .Select(level => (Level: level, Found: boxes
                .Where(box => box.Detection.Intervals?.Levels.Contains(level) == true)
                .Select(box => (Box: box, Interval: box.Detection.GetInterval(level)))
                .Where(pair => pair.Interval is not null)
                .Select(pair => (pair.Box, Interval: pair.Interval!.Value)).ToArray()))
            .Where(one => one.Found.Length > 0)
            .Select(one => new IntervalCoverage(
                one.Level,
                one.Found.Length,
                one.Found.Average(pair => Enumerable.Range(0, 4).Average(side => IsWithin(pair.Box, pair.Interval, side) ? 1.0 : 0)),
                one.Found.Where(pair => pair.Interval.Outer is not null).Select(pair => IsBetween(pair.Box.Truth, pair.Interval) ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average(),
                one.Found.Average(pair => Enumerable.Range(0, 4).Average(side => (double)pair.Interval.Upper[side] - pair.Interval.Lower[side])))),
    ];

    private static bool IsWithin(MatchedBox box, BoxInterval interval, int side)
    {
        float truth = side switch { 0 => box.Truth.X1, 1 => box.Truth.Y1, 2 => box.Truth.X2, _ => box.Truth.Y2 };
        return truth >= interval.Lower[side] && truth <= interval.Upper[side];
    }

    private static bool IsBetween(Box truth, BoxInterval interval) =>
        Contains(interval.Outer!.Value, truth) && (interval.Inner is not { } inner || Contains(truth, inner));

    private static bool Contains(Box outer, Box inner) => outer.X1 <= inner.X1 && outer.Y1 <= inner.Y1 && outer.X2 >= inner.X2 && outer.Y2 >= inner.Y2;
}
