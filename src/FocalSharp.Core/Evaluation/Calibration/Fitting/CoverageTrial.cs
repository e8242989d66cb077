using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>What one half of the images says about a calibration that the other half gave.</summary>
/// <param name="Boxes">The number of matched detections.</param>
/// <param name="CalibratingBoxes">The number of matched detections that gave the quantiles.</param>
/// <param name="Edge">The fraction of edges within their interval, for each level; NaN if there is no interval.</param>
/// <param name="Box">The fraction of boxes with all four edges within the interval of the whole box.</param>
/// <param name="EdgeWidth">The mean width of the intervals of edges in pixels.</param>
/// <param name="BoxWidth">The mean width of the intervals of whole boxes in pixels.</param>
/// <param name="ConstantEdgeWidth">The width in pixels that edges need if it is the same for all.</param>
/// <param name="ConstantBoxWidth">The width in pixels that whole boxes need if it is the same for all.</param>
/// <param name="WithinOneDeviation">The fraction of edges within one calibrated deviation.</param>
/// <param name="WithinTwoDeviations">The fraction of edges within two calibrated deviations.</param>
/// <param name="ErrorBefore">The calibration error of the model's own scores.</param>
/// <param name="ErrorAfter">The calibration error of the calibrated scores.</param>
internal sealed record CoverageTrial(
    int Boxes,
    int CalibratingBoxes,
    double[] Edge,
    double[] Box,
    double[] EdgeWidth,
    double[] BoxWidth,
    double[] ConstantEdgeWidth,
    double[] ConstantBoxWidth,
    double WithinOneDeviation,
    double WithinTwoDeviations,
    DetectionCalibrationError ErrorBefore,
    DetectionCalibrationError ErrorAfter)
{
    /// <summary>The quantile of the normal distribution for a band of 95 %.</summary>
    private const double BandDeviations = 1.959963984540054;

    /// <summary>Measures a calibration on other images.</summary>
    public static CoverageTrial Measure(
        DetectionCalibration calibration,
        IReadOnlyList<MatchedBox> calibrated,
        IReadOnlyList<DatasetImage> images,
        IReadOnlyList<IReadOnlyList<Detection>> detections,
        string target)
    {
        IReadOnlyList<double> levels = DetectionCalibration.DefaultLevels;
        MatchedBox[] boxes = [.. BoxMatcher.MatchAll(images, detections).Select(box => box with { Detection = calibration.Apply(box.Detection) })];
        double[] errors = [.. calibrated.SelectMany(box => Enumerable.Range(0, 4).Select(side => Math.Abs(box.Error(side)))).Order()];
        double[] largest = [.. calibrated.Select(box => Enumerable.Range(0, 4).Max(side => Math.Abs(box.Error(side)))).Order()];
        (double Error, double Deviation)[] edges = [.. boxes.SelectMany(box => Enumerable.Range(0, 4).Select(side => (Math.Abs(box.Error(side)), (double)box.Detection.Deviation[side])))];
        IReadOnlyList<ScoreSample> before = ScoreMapFitter.Observe(images, detections, target);
        return new CoverageTrial(
            boxes.Length,
            calibration.Edges!.All.Boxes,
            [.. levels.Select((_, i) => Mean(boxes, (box, row) => Enumerable.Range(0, 4).Average(side => IsWithin(box, side, row.Edge[i], row) ? 1.0 : 0)))],
            [.. levels.Select((_, i) => Mean(boxes, (box, row) => Enumerable.Range(0, 4).All(side => IsWithin(box, side, row.Box[i], row)) ? 1 : 0))],
            [.. levels.Select((_, i) => Mean(boxes, (box, row) => Width(box, row.Edge[i])))],
            [.. levels.Select((_, i) => Mean(boxes, (box, row) => Width(box, row.Box[i])))],
            [.. levels.Select(level => 2 * ConformalQuantile.Compute(errors, level))],
            [.. levels.Select(level => 2 * ConformalQuantile.Compute(largest, level))],
            edges.Length == 0 ? double.NaN : edges.Average(edge => edge.Error <= edge.Deviation ? 1.0 : 0),
            edges.Length == 0 ? double.NaN : edges.Average(edge => edge.Error <= 2 * edge.Deviation ? 1.0 : 0),
            DetectionCalibrationError.Compute(before),
            DetectionCalibrationError.Compute([.. before.Select(sample => sample with { Score = calibration.MapScore(sample.Score) })]));
    }

    /// <summary>
    /// Returns half the width of the 95 % band of the coverage: <c>1.96 √(level (1 − level) (1 / n + 1 / m))</c> with n measured and m calibrating
    /// boxes. The four edges of a box are not independent, so that edges count as one observation per box.
    /// </summary>
    public double HalfBand(double level) => BandDeviations * Math.Sqrt(level * (1 - level) * ((1.0 / Boxes) + (1.0 / CalibratingBoxes)));

    private static double Mean(MatchedBox[] boxes, Func<MatchedBox, IntervalRow, double> value) =>
        boxes.Length == 0 ? double.NaN : boxes.Average(box => value(box, box.Detection.Intervals!));

    private static bool IsWithin(MatchedBox box, int side, double half, IntervalRow row) =>
        Math.Abs(box.Error(side) - (row.Shift[side] * box.Detection.Deviation[side])) <= half * box.Detection.Deviation[side];

    private static double Width(MatchedBox box, double half) => Enumerable.Range(0, 4).Average(side => 2 * half * box.Detection.Deviation[side]);
}
