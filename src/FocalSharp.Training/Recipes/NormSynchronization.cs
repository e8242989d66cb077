namespace FocalSharp.Training.Recipes;

/// <summary>Which batches the statistics of batch norms come from, if several ranks train together.</summary>
public enum NormSynchronization
{
    /// <summary>The batches of all ranks: the training is that of one process with the whole batch.</summary>
    Sync,

    /// <summary>Each rank's own batch: faster over a slow network, but another training. The running statistics are those of rank 0.</summary>
    Local,
}
