namespace FocalSharp.Evaluation.Calibration;

/// <summary>
/// How well a detector's scores and deviations match real overlaps and errors, in eight numbers; docs/uncertainty.md has the formulas. NaN where a number is
/// undefined, for example because nothing was detected.
/// </summary>
public sealed record CalibrationSummary
{
    /// <summary>Gets Spearman's rank correlation of scores with the true IoU, −1 to 1.</summary>
    public double SpearmanScoreIou { get; init; } = double.NaN;

    /// <summary>Gets the mean difference between score and true IoU, 0 to 1.</summary>
    public double ExpectedCalibrationError { get; init; } = double.NaN;

    /// <summary>Gets D-ECE: the mean difference between score and precision, 0 to 1.</summary>
    public double DetectionCalibrationError { get; init; } = double.NaN;

    /// <summary>Gets LaECE: the mean difference between score and precision times IoU, 0 to 1.</summary>
    public double LocalizationAwareCalibrationError { get; init; } = double.NaN;

    /// <summary>Gets Spearman's rank correlation of the deviations of edges with their true errors, −1 to 1.</summary>
    public double SpearmanDeviationError { get; init; } = double.NaN;

    /// <summary>Gets Spearman's rank correlation of the deviations of edges with their blur, −1 to 1; known for generated scenes only.</summary>
    public double SpearmanDeviationBlur { get; init; } = double.NaN;

    /// <summary>Gets the share of edges whose error is within one deviation, 0 to 1.</summary>
    public double CoverageOneSigma { get; init; } = double.NaN;

    /// <summary>Gets the share of edges whose error is within two deviations, 0 to 1.</summary>
    public double CoverageTwoSigma { get; init; } = double.NaN;

    /// <summary>Gets the numbers with their names in JSON.</summary>
    internal IReadOnlyList<KeyValuePair<string, double>> Values =>
    [
        new("spearman_score_iou", SpearmanScoreIou),
        new("expected_calibration_error", ExpectedCalibrationError),
        new("detection_calibration_error", DetectionCalibrationError),
        new("localization_aware_calibration_error", LocalizationAwareCalibrationError),
        new("spearman_deviation_error", SpearmanDeviationError),
        new("spearman_deviation_blur", SpearmanDeviationBlur),
        new("coverage_1_sigma", CoverageOneSigma),
        new("coverage_2_sigma", CoverageTwoSigma),
    ];

    /// <summary>Creates the summary from numbers by their names in JSON.</summary>
    /// <param name="read">Returns a number, or NaN.</param>
    internal static CalibrationSummary Create(Func<string, double> read) => new()
    {
        SpearmanScoreIou = read("spearman_score_iou"),
        ExpectedCalibrationError = read("expected_calibration_error"),
        DetectionCalibrationError = read("detection_calibration_error"),
        LocalizationAwareCalibrationError = read("localization_aware_calibration_error"),
        SpearmanDeviationError = read("spearman_deviation_error"),
        SpearmanDeviationBlur = read("spearman_deviation_blur"),
        CoverageOneSigma = read("coverage_1_sigma"),
        CoverageTwoSigma = read("coverage_2_sigma"),
    };
}
