namespace FocalSharp.Training.Loop;

/// <summary>The means over the steps of an epoch.</summary>
/// <param name="Epoch">Epochs completed, from 1.</param>
/// <param name="Steps">Steps of the run taken.</param>
/// <param name="QualityLoss">The mean Quality Focal Loss.</param>
/// <param name="BoxLoss">The mean GIoU loss, weighted.</param>
/// <param name="DistributionLoss">The mean Distribution Focal Loss, weighted.</param>
/// <param name="Positives">The mean number of positive locations in a batch.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="GradientNorm">The mean gradient norm before clipping.</param>
/// <param name="ImagesPerSecond">Images trained on per second.</param>
/// <param name="Seconds">Seconds of the epoch's steps.</param>
/// <param name="WaitSeconds">Seconds of that spent waiting for batches.</param>
/// <param name="Skipped">The number of skipped steps.</param>
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
    /// <summary>Gets the sum of the three losses.</summary>
    public double Loss => QualityLoss + BoxLoss + DistributionLoss;

    /// <summary>Summarizes an epoch. Skipped steps count only for the time.</summary>
    /// <param name="steps">The epoch's steps, at least one.</param>
    internal static EpochSummary Create(IReadOnlyList<StepMetrics> steps)
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
