namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// A scope in which batch norms in training mode compute their statistics over the batches of all processes that train together, as one process
/// would over the whole batch. The backward pass of what is computed in it is synchronized too.
/// </summary>
internal readonly struct SynchronizedNorms : IDisposable
{
    [ThreadStatic]
    private static SumOverRanks? _current;

    private readonly SumOverRanks? _previous;

    private SynchronizedNorms(SumOverRanks? sum) => (_previous, _current) = (_current, sum);

    /// <summary>Gets what sums over the processes, on this thread; null outside of a scope.</summary>
    public static SumOverRanks? Current => _current;

    /// <summary>Opens a scope; dispose it on the same thread.</summary>
    /// <param name="sum">Sums over the processes; null to compute statistics over this process's batch.</param>
    public static SynchronizedNorms Enter(SumOverRanks? sum) => new(sum);

    public void Dispose() => _current = _previous;
}
