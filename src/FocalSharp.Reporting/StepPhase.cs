namespace FocalSharp.Reporting;

/// <summary>Where a training's time goes. Stages follow one another on the training thread; every moment belongs to one.</summary>
public enum StepPhase
{
    /// <summary>Waiting for a batch that the loader's threads have not finished.</summary>
    LoaderWait,

    /// <summary>Checking the targets, bytes into a tensor, normalising, zeroing the padding.</summary>
    HostToTensor,

    /// <summary>The network, forward.</summary>
    Forward,

    /// <summary>Matching anchors to objects.</summary>
    Assignment,

    /// <summary>The three losses; on the CPU with their gradients by the head's maps.</summary>
    Losses,

    /// <summary>The network, backward.</summary>
    Backward,

    /// <summary>Clearing the gradients, their norm, clipping.</summary>
    Clip,

    /// <summary>Moving the weights.</summary>
    Optimizer,

    /// <summary>Keeping the batch norms' statistics from before the step.</summary>
    StatisticsGuard,

    /// <summary>The moving average of the weights.</summary>
    MovingAverage,

    /// <summary>Records, metrics, the screen.</summary>
    Logging,

    /// <summary>Weights and states written to disk.</summary>
    Checkpoints,

    /// <summary>Judgements on the held-out images.</summary>
    Evaluation,
}
