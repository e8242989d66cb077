using FocalSharp.Evaluation.Calibration.Fitting;

namespace FocalSharp.Core.Tests.Evaluation.Calibration.Fitting;

public sealed class DetectionCalibrationErrorTests
{
    // One bin [0.8, 0.84): mean score 0.82, two of four match with IoU 0.6 and 0.8.
    private static readonly ScoreSample[] OneBin =
    [
        new(0, 0, 0.81, 0.6, 0), new(0, 0, 0.83, 0.8, 0), new(1, 0, 0.81, 0, 0), new(1, 0, 0.83, 0, 0),
    ];

    [Fact]
    public void D_ECE_compares_the_mean_score_with_the_precision() => Assert.Equal(Math.Abs(0.82 - 0.5), DetectionCalibrationError.Compute(OneBin).Precision, 9);

    [Fact]
    public void LaECE_compares_the_mean_score_with_precision_times_IoU() => Assert.Equal(Math.Abs(0.82 - (0.5 * 0.7)), DetectionCalibrationError.Compute(OneBin).Localization, 9);

    // Another bin with one detection of score 0.1 that matches nothing weighs a fifth.
    [Fact]
    public void Bins_weigh_by_their_detections() =>
        Assert.Equal(((4 * 0.32) + 0.1) / 5, DetectionCalibrationError.Compute([.. OneBin, new(2, 0, 0.1, 0, 0)]).Precision, 9);

    // LaECE averages over classes, D-ECE over detections.
    [Fact]
    public void LaECE_averages_over_classes()
    {
        DetectionCalibrationError error = DetectionCalibrationError.Compute([.. OneBin, new(2, 1, 0.1, 0, 0)]);
        Assert.Equal((0.47 + 0.1) / 2, error.Localization, 9);
        Assert.Equal(((4 * 0.32) + 0.1) / 5, error.Precision, 9);
    }

    [Fact]
    public void Without_detections_there_is_no_error() => Assert.Equal(double.NaN, DetectionCalibrationError.Compute([]).Precision);
}
