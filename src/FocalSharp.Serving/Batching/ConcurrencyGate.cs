namespace FocalSharp.Serving.Batching;

/// <summary>Limits how many requests with images are processed at a time. It is entered once the body is read.</summary>
internal sealed class ConcurrencyGate(int limit)
{
    private int _active;

    public int ActiveCount => Volatile.Read(ref _active);

    public bool IsFull => ActiveCount >= limit;

    /// <summary>Enters, or returns null if the limit is reached. Disposing the permit leaves.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _active) <= limit)
        {
            return new Permit(this);
        }

        Interlocked.Decrement(ref _active);
        return null;
    }

    private sealed class Permit(ConcurrencyGate gate) : IDisposable
    {
        private ConcurrencyGate? _gate = gate;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gate, null) is { } left)
            {
                Interlocked.Decrement(ref left._active);
            }
        }
    }
}
