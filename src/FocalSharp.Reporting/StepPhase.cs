namespace FocalSharp.Reporting;

/// <summary>The phases of training. They follow one another on the training thread.</summary>
internal enum StepPhase
{
    /// <summary>Waiting for a batch from the data loader.</summary>
    LoaderWait,

    /// <summary>Validating targets, copying bytes to a tensor, normalizing, zeroing the padding.</summary>
    HostToTensor,

    /// <summary>The forward pass of the network.</summary>
    Forward,

    /// <summary>Assigning locations to objects.</summary>
    Assignment,

    /// <summary>The three losses; on the CPU with their gradients with respect to the head's outputs.</summary>
    Losses,

    /// <summary>The backward pass of the network.</summary>
    Backward,

    /// <summary>Zeroing the gradients, computing their norm, clipping.</summary>
    Clip,

    /// <summary>The optimizer step.</summary>
    Optimizer,

    /// <summary>Saving the batch norm statistics before the step.</summary>
    StatisticsGuard,

    /// <summary>Updating the moving average of the weights.</summary>
    MovingAverage,

    /// <summary>Writing metrics and console output.</summary>
    Logging,

    /// <summary>Writing weights and checkpoints.</summary>
    Checkpoints,

    /// <summary>Evaluating on the evaluation split.</summary>
    Evaluation,

    /// <summary>Waiting, after the backward pass, for the sums of the gradients over the ranks.</summary>
    GradientWait,
}
