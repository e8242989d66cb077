using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration.Fitting;

namespace FocalSharp.Evaluation.Calibration;

/// <summary>The calibration of a detector's scores and deviations; docs/uncertainty.md contains the formulas.</summary>
internal sealed record CalibrationReport
{
    /// <summary>Gets the calibration of scores against the true IoU.</summary>
    public required ScoreCalibration Score { get; init; }

    /// <summary>Gets the calibration of deviations against the true error, over all edges.</summary>
    public required EdgeCalibration Edges { get; init; }

    /// <summary>Gets the calibration per side: left, top, right, bottom.</summary>
    public required IReadOnlyList<EdgeCalibration> Sides { get; init; }

    /// <summary>Gets the calibration errors D-ECE and LaECE of the scores.</summary>
    public required DetectionCalibrationError ScoreError { get; init; }

    /// <summary>Gets the coverage of the intervals of a calibrated model; empty for others.</summary>
    public required IReadOnlyList<IntervalCoverage> Intervals { get; init; }

    /// <summary>Gets the values at the top level of a run's <c>result.json</c> and of the evaluation's JSON; NaN if undefined.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Summary => ToSummary().Values;

    /// <summary>Returns the headline numbers.</summary>
    public CalibrationSummary ToSummary() => new()
    {
        SpearmanScoreIou = Score.Spearman,
        ExpectedCalibrationError = Score.ExpectedCalibrationError,
        DetectionCalibrationError = ScoreError.Precision,
        LocalizationAwareCalibrationError = ScoreError.Localization,
        SpearmanDeviationError = Edges.SpearmanWithError,
        SpearmanDeviationBlur = Edges.SpearmanWithBlur,
        CoverageOneSigma = Edges.CoverageOneSigma,
        CoverageTwoSigma = Edges.CoverageTwoSigma,
    };

    /// <summary>Compares detections with the ground truth.</summary>
    /// <param name="images">The images with their objects.</param>
    /// <param name="detections">The detections of each image, in pixels of the image.</param>
    public static CalibrationReport Create(IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections)
        => Create(images, detections, EdgeUncertainty.Observe(images, detections));

    /// <summary>Compares detections with the ground truth, using edges observed before.</summary>
    /// <param name="images">The images with their objects.</param>
    /// <param name="detections">The detections of each image, in pixels of the image.</param>
    /// <param name="edges">The result of <see cref="EdgeUncertainty.Observe"/> for the same detections.</param>
    public static CalibrationReport Create(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, IReadOnlyList<EdgeObservation> edges) => new()
        {
            Score = ScoreCalibration.Compute(ScoreCalibration.Observe(images, detections)),
            ScoreError = DetectionCalibrationError.Compute(ScoreMapFitter.Observe(images, detections)),
            Intervals = IntervalCoverage.Compute(BoxMatcher.MatchAll(images, detections)),
            Edges = EdgeCalibration.Compute(edges),
            Sides = [.. Enumerable.Range(0, 4).Select(side => EdgeCalibration.Compute([.. edges.Where(edge => edge.Side == side)]))],
        };
}
