using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;

namespace FocalSharp.Evaluation.Calibration;

/// <summary>
/// The calibration of scores against what the Quality Focal Loss trains them to predict: the IoU of the box with its object (paper, section 3.1).
/// </summary>
internal sealed record ScoreCalibration
{
    /// <summary>The number of bins of the reliability diagram.</summary>
    public const int BinCount = 10;

    /// <summary>Minimum overlap with a crowd, relative to the detection's area, for the detection to be ignored.</summary>
    public const double CrowdOverlap = 0.5;

    /// <summary>Gets the number of detections.</summary>
    public required int Count { get; init; }

    /// <summary>Gets Spearman's ρ of score and true IoU; NaN for fewer than two detections.</summary>
    public required double Spearman { get; init; }

    /// <summary>
    /// Gets the expected calibration error <c>Σ (count / all) · |mean score − mean IoU|</c> over the bins; NaN without detections.
    /// </summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>Gets the reliability diagram: equal intervals of [0, 1], including empty ones.</summary>
    public required IReadOnlyList<ReliabilityBin> Bins { get; init; }

    /// <summary>Returns the score and the true IoU of every detection. Several detections may have the same object.</summary>
    /// <param name="images">The images with their objects.</param>
    /// <param name="detections">The detections of each image, in pixels of the image.</param>
    public static IReadOnlyList<ScoredOverlap> Observe(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections)
    {
        if (images.Count != detections.Count)
        {
            throw new ArgumentException($"{images.Count} images need as many lists of detections; {detections.Count} were passed.", nameof(detections));
        }

        return
        [
            .. images.Zip(detections).SelectMany(pair => pair.Second
                .Where(detection => !IsInCrowd(detection, pair.First))
                .Select(detection => new ScoredOverlap(detection.Score, BestIou(detection, pair.First)))),
        ];
    }

    /// <summary>Computes the calibration of observations.</summary>
    public static ScoreCalibration Compute(IReadOnlyList<ScoredOverlap> observations)
    {
        ReliabilityBin[] bins = [.. Enumerable.Range(0, BinCount).Select(bin =>
        {
            ScoredOverlap[] inside = [.. observations.Where(item => BinOf(item.Score) == bin)];
            return new ReliabilityBin(
                bin / (double)BinCount,
                (bin + 1) / (double)BinCount,
                inside.Length,
                inside.Length > 0 ? inside.Average(item => item.Score) : double.NaN,
                inside.Length > 0 ? inside.Average(item => item.Iou) : double.NaN);
        })];
        return new ScoreCalibration
        {
            Count = observations.Count,
            Spearman = RankCorrelation.Spearman([.. observations.Select(item => item.Score)], [.. observations.Select(item => item.Iou)]),
            ExpectedCalibrationError = observations.Count == 0
                ? double.NaN
                : bins.Where(bin => bin.Count > 0).Sum(bin => bin.Count * Math.Abs(bin.MeanScore - bin.MeanIou)) / observations.Count,
            Bins = bins,
        };
    }

    private static int BinOf(double score) => Math.Clamp((int)(score * BinCount), 0, BinCount - 1);

    private static double BestIou(Detection detection, DatasetImage image) => image.Objects
        .Where(item => !item.IsCrowd && item.Label == detection.Label)
        .Select(item => (double)BoxIou.Iou(item.Box, detection.Box)).DefaultIfEmpty(0).Max();

    internal static bool IsInCrowd(Detection detection, DatasetImage image) => image.Objects.Any(item =>
        item.IsCrowd && item.Label == detection.Label && IntersectionArea(item.Box, detection.Box) >= CrowdOverlap * detection.Box.Area);

    private static double IntersectionArea(Box a, Box b) =>
        new Box(Math.Max(a.X1, b.X1), Math.Max(a.Y1, b.Y1), Math.Min(a.X2, b.X2), Math.Min(a.Y2, b.Y2)).Area;
}
