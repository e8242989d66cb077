namespace FocalSharp.Training.Loop;

/// <summary>What one training step did.</summary>
/// <param name="Epoch">Epoch from 0.</param>
/// <param name="Step">Step of the run from 0.</param>
/// <param name="QualityLoss">Quality Focal Loss.</param>
/// <param name="BoxLoss">GIoU loss, weighted.</param>
/// <param name="DistributionLoss">Distribution Focal Loss, weighted.</param>
/// <param name="Positives">Positive locations in the batch.</param>
/// <param name="LearningRate">The scheduled learning rate.</param>
/// <param name="GradientNorm">Global norm of the gradients before clipping.</param>
/// <param name="Images">Images in the batch.</param>
/// <param name="Seconds">Time of the step, waiting for the batch included.</param>
/// <param name="WaitSeconds">Time spent waiting for the batch.</param>
/// <param name="Skipped">True where a loss was not finite and the weights were left alone.</param>
public readonly record struct StepMetrics(
    int Epoch,
    int Step,
    double QualityLoss,
    double BoxLoss,
    double DistributionLoss,
    int Positives,
    double LearningRate,
    double GradientNorm,
    int Images,
    double Seconds,
    double WaitSeconds,
    bool Skipped)
{
    /// <summary>The sum of the three losses.</summary>
    public double Loss => QualityLoss + BoxLoss + DistributionLoss;
}
