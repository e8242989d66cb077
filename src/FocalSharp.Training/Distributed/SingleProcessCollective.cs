namespace FocalSharp.Training.Distributed;

/// <summary>One process: nothing is exchanged.</summary>
internal sealed class SingleProcessCollective : ICollective
{
    /// <summary>Gets the instance.</summary>
    public static SingleProcessCollective Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
    }

    /// <inheritdoc/>
    public void AllReduceSum(Span<double> values)
    {
    }

    /// <inheritdoc/>
    public void AllReduceMax(Span<double> values)
    {
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> values, int root) => ArgumentOutOfRangeException.ThrowIfNotEqual(root, 0);

    /// <inheritdoc/>
    public void AllGather(ReadOnlySpan<byte> own, Span<byte> all) => own.CopyTo(all);

    /// <inheritdoc/>
    public void AllToAll(ReadOnlySpan<byte> sent, Span<byte> received) => sent.CopyTo(received);

    /// <inheritdoc/>
    public void Barrier()
    {
    }

    /// <inheritdoc/>
    public ICollective Duplicate() => this;

    /// <inheritdoc/>
    public void Abort()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
