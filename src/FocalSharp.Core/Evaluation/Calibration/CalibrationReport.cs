using FocalSharp.Datasets;
using FocalSharp.Detections;

namespace FocalSharp.Evaluation.Calibration;

/// <summary>Whether a detector's scores and deviations can be believed; see docs/uncertainty.md for the formulas.</summary>
public sealed record CalibrationReport
{
    /// <summary>Quality score against real IoU.</summary>
    public required ScoreCalibration Score { get; init; }

    /// <summary>Deviation against real error, all edges.</summary>
    public required EdgeCalibration Edges { get; init; }

    /// <summary>The same for each side alone: left, top, right, bottom.</summary>
    public required IReadOnlyList<EdgeCalibration> Sides { get; init; }

    /// <summary>The numbers that stand at the top of a run's <c>result.json</c> and of <c>eval --json</c>; NaN where undefined.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Summary =>
    [
        new("spearman_score_iou", Score.Spearman),
        new("expected_calibration_error", Score.ExpectedCalibrationError),
        new("spearman_deviation_error", Edges.SpearmanWithError),
        new("spearman_deviation_blur", Edges.SpearmanWithBlur),
        new("coverage_1_sigma", Edges.CoverageOneSigma),
        new("coverage_2_sigma", Edges.CoverageTwoSigma),
    ];

    /// <summary>Compares detections with the truth.</summary>
    /// <param name="images">The images with their objects.</param>
    /// <param name="detections">For each image its detections, in pixels of the image.</param>
    public static CalibrationReport Create(IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections)
        => Create(images, detections, EdgeUncertainty.Observe(images, detections));

    /// <summary>Compares detections with the truth, whose edges were observed before.</summary>
    /// <param name="images">The images with their objects.</param>
    /// <param name="detections">For each image its detections, in pixels of the image.</param>
    /// <param name="edges">What <see cref="EdgeUncertainty.Observe"/> gave for the same.</param>
    public static CalibrationReport Create(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, IReadOnlyList<EdgeObservation> edges) => new()
        {
            Score = ScoreCalibration.Compute(ScoreCalibration.Observe(images, detections)),
            Edges = EdgeCalibration.Compute(edges),
            Sides = [.. Enumerable.Range(0, 4).Select(side => EdgeCalibration.Compute([.. edges.Where(edge => edge.Side == side)]))],
        };
}
