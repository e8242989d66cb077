namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>The calibration error of scores: D-ECE and LaECE.</summary>
/// <param name="Detections">The number of detections.</param>
/// <param name="Precision">
/// D-ECE (Küppers et al. 2020): <c>Σ (nᵦ / N) · |mean score − precision|</c> over equal bins of the score; NaN without detections.
/// </param>
/// <param name="Localization">
/// LaECE (Oksuz et al. 2023): <c>Σ (nᵦ / N) · |mean score − precision · mean IoU of the matches|</c>, averaged over the classes with detections.
/// </param>
internal sealed record DetectionCalibrationError(int Detections, double Precision, double Localization)
{
    /// <summary>The number of bins in the LaECE paper.</summary>
    public const int BinCount = 25;

    /// <summary>Computes the errors of observed detections.</summary>
    public static DetectionCalibrationError Compute(IReadOnlyList<ScoreSample> samples) => new(
        samples.Count,
        Error(samples, sample => sample.IsMatch ? 1 : 0),
        samples.Count == 0 ? double.NaN
            : samples.GroupBy(sample => sample.Label).Average(group => Error([.. group], sample => sample.Iou)));

    /// <summary>Computes the errors of each class.</summary>
    public static IReadOnlyDictionary<int, DetectionCalibrationError> ComputePerClass(IReadOnlyList<ScoreSample> samples) =>
        samples.GroupBy(sample => sample.Label).ToDictionary(group => group.Key, group => Compute([.. group]));

    // Precision times the mean IoU of the matches is the mean of an IoU that is 0 for detections that match nothing.
    private static double Error(IReadOnlyList<ScoreSample> samples, Func<ScoreSample, double> value) => samples.Count == 0 ? double.NaN : samples
        .GroupBy(sample => Math.Clamp((int)(sample.Score * BinCount), 0, BinCount - 1))
        .Sum(bin => Math.Abs(bin.Sum(sample => sample.Score - value(sample)))) / samples.Count;
}
