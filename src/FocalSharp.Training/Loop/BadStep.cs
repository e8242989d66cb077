using System.Globalization;
using FocalSharp.Training.Data;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Loop;

/// <summary>A step that could not be taken.</summary>
/// <param name="Kind">What was wrong.</param>
/// <param name="Step">The step's metrics, with the losses of the bad batch.</param>
/// <param name="AverageLoss">The moving average of the loss before the step.</param>
/// <param name="Batch">The batch.</param>
/// <param name="ImageNames">For each image of the batch, the files that it was composed of.</param>
/// <param name="Report">Where the problem comes from.</param>
/// <param name="Cause">The report in words.</param>
internal sealed record BadStep(
    BadStepKind Kind, StepMetrics Step, double AverageLoss, TrainingBatch Batch, IReadOnlyList<string> ImageNames, BadStepReport Report, string Cause)
{
    /// <summary>Gets what happened, in one line.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"step {Step.Step + 1} (epoch {Step.Epoch + 1}): {Kind switch
        {
            BadStepKind.InvalidTarget => "an annotation is invalid",
            BadStepKind.NonFiniteLoss => $"the loss is not finite (QFL {Step.QualityLoss:G4}, GIoU {Step.BoxLoss:G4}, DFL {Step.DistributionLoss:G4})",
            BadStepKind.LossExploded => $"the loss exploded: {Step.Loss:G4}, average {AverageLoss:G4} (QFL {Step.QualityLoss:G4}, GIoU {Step.BoxLoss:G4}, DFL {Step.DistributionLoss:G4})",
            _ => $"the gradient is not finite, the loss is ({Step.Loss:G4})",
        }}");

    /// <summary>Returns the message of a run that stops at this step.</summary>
    /// <param name="action">What the recipe says about bad steps.</param>
    /// <param name="consecutive">Bad steps in a row.</param>
    /// <param name="saved">The file with the batch, or null.</param>
    public string FormatStop(FailureAction action, int consecutive, string? saved)
    {
        string times = action == FailureAction.Stop ? "" : $", bad step {consecutive} in a row";
        return $"Training stopped at {Summary}{times}.\n  {Cause}\n"
            + (saved is null ? "" : $"The batch is saved: {saved}\n")
            + "Fix the annotation if it is the cause; otherwise lower the learning rate (optimizer.learningRate), clip gradients "
            + "(optimizer.clipNorm: 10) or train in float32. To skip such steps, set lossGuard.onBadStep to skip.";
    }
}

/// <summary>What can be wrong with a training step.</summary>
internal enum BadStepKind
{
    /// <summary>A box is not finite, or its class does not exist.</summary>
    InvalidTarget,

    /// <summary>The loss is NaN or infinite.</summary>
    NonFiniteLoss,

    /// <summary>The loss is finite, but many times the average.</summary>
    LossExploded,

    /// <summary>The loss is finite, but a gradient is not.</summary>
    NonFiniteGradient,
}
