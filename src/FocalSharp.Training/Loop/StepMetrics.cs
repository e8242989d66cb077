namespace FocalSharp.Training.Loop;

/// <summary>The metrics of a training step.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">The step of the run, from 0.</param>
/// <param name="QualityLoss">The Quality Focal Loss.</param>
/// <param name="BoxLoss">The GIoU loss, weighted.</param>
/// <param name="DistributionLoss">The Distribution Focal Loss, weighted.</param>
/// <param name="Positives">The number of positive locations in the batch.</param>
/// <param name="LearningRate">The scheduled learning rate.</param>
/// <param name="GradientNorm">The global norm of the gradients before clipping.</param>
/// <param name="Images">The number of images in the batch.</param>
/// <param name="Seconds">Seconds of the step, including the wait for the batch.</param>
/// <param name="WaitSeconds">Seconds of the wait for the batch.</param>
/// <param name="Skipped">Whether the step was bad and did not change the weights.</param>
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
    /// <summary>Gets the losses that draw the student to a teacher, weighted; 0 without a teacher.</summary>
    public double DistillationLoss { get; init; }

    /// <summary>Gets the sum of the losses.</summary>
    public double Loss => QualityLoss + BoxLoss + DistributionLoss + DistillationLoss;

    /// <summary>Adds the metrics of one of the batches of a step: losses are averaged, counts are summed.</summary>
    internal StepMetrics Add(StepMetrics part, int batches) => this with
    {
        QualityLoss = QualityLoss + (part.QualityLoss / batches),
        BoxLoss = BoxLoss + (part.BoxLoss / batches),
        DistributionLoss = DistributionLoss + (part.DistributionLoss / batches),
        DistillationLoss = DistillationLoss + (part.DistillationLoss / batches),
        Positives = Positives + part.Positives,
        Images = Images + part.Images,
    };
}
