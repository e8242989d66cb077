using FocalSharp.Training.Data;

namespace FocalSharp.Training.Loop.Faults;

/// <summary>A step that could not be taken.</summary>
/// <param name="Kind">What was wrong.</param>
/// <param name="Step">The step's record; its losses are those of the faulty batch.</param>
/// <param name="AverageLoss">What the loss usually is by then.</param>
/// <param name="Batch">The batch.</param>
/// <param name="ImageNames">For each of its images the files that it was made of.</param>
/// <param name="Report">Where it comes from.</param>
/// <param name="Cause">The report in words.</param>
public sealed record BadStep(
    BadStepKind Kind, StepMetrics Step, double AverageLoss, TrainingBatch Batch, IReadOnlyList<string> ImageNames, BadStepReport Report, string Cause)
{
    /// <summary>What happened, in one line.</summary>
    public string Summary => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"step {Step.Step + 1} (epoch {Step.Epoch + 1}): {Kind switch
        {
            BadStepKind.InvalidTarget => "an annotation cannot be learned from",
            BadStepKind.NonFiniteLoss => $"the loss is not a finite number (QFL {Step.QualityLoss:G4}, GIoU {Step.BoxLoss:G4}, DFL {Step.DistributionLoss:G4})",
            BadStepKind.LossExploded => $"the loss exploded: {Step.Loss:G4} where {AverageLoss:G4} is usual (QFL {Step.QualityLoss:G4}, GIoU {Step.BoxLoss:G4}, DFL {Step.DistributionLoss:G4})",
            _ => $"the gradient is not finite, though the loss is ({Step.Loss:G4})",
        }}");
}
