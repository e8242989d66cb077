using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Runs;

/// <summary>Means over the steps of an epoch.</summary>
/// <param name="Epoch">Epochs done, from 1.</param>
/// <param name="Steps">Steps of the run done.</param>
/// <param name="QualityLoss">Mean Quality Focal Loss.</param>
/// <param name="BoxLoss">Mean GIoU loss, weighted.</param>
/// <param name="DistributionLoss">Mean Distribution Focal Loss, weighted.</param>
/// <param name="Positives">Mean number of positive locations a batch.</param>
/// <param name="LearningRate">Learning rate of the last step.</param>
/// <param name="GradientNorm">Mean gradient norm before clipping.</param>
/// <param name="ImagesPerSecond">Training speed.</param>
/// <param name="Seconds">Time of the epoch's steps.</param>
/// <param name="WaitSeconds">Of it, time spent waiting for batches.</param>
/// <param name="Skipped">Steps whose loss was not finite.</param>
public sealed record EpochSummary(
    int Epoch,
    int Steps,
    double QualityLoss,
    double BoxLoss,
    double DistributionLoss,
    double Positives,
    double LearningRate,
    double GradientNorm,
    double ImagesPerSecond,
    double Seconds,
    double WaitSeconds,
    int Skipped)
{
    /// <summary>The sum of the three losses.</summary>
    public double Loss => QualityLoss + BoxLoss + DistributionLoss;

    /// <summary>Sums up an epoch; skipped steps count for time alone.</summary>
    /// <param name="steps">The epoch's steps, at least one.</param>
    public static EpochSummary Create(IReadOnlyList<StepMetrics> steps)
    {
        StepMetrics[] taken = [.. steps.Where(step => !step.Skipped)];
        double Mean(Func<StepMetrics, double> value) => taken.Length > 0 ? taken.Average(value) : double.NaN;
        double seconds = steps.Sum(step => step.Seconds);
        return new EpochSummary(
            steps[^1].Epoch + 1,
            steps[^1].Step + 1,
            Mean(step => step.QualityLoss),
            Mean(step => step.BoxLoss),
            Mean(step => step.DistributionLoss),
            Mean(step => step.Positives),
            steps[^1].LearningRate,
            Mean(step => step.GradientNorm),
            steps.Sum(step => step.Images) / Math.Max(seconds, 1e-9),
            seconds,
            steps.Sum(step => step.WaitSeconds),
            steps.Count - taken.Length);
    }
}
