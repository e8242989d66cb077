namespace FocalSharp.Serving.Batching;

/// <summary>Counts the requests with images under way and lets no more in than allowed: the first gate, before a body is read.</summary>
internal sealed class Admission(int limit)
{
    private int _inside;

    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Enters, or returns null where all places are taken. Disposing leaves.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= limit)
        {
            return new Stay(this);
        }

        Interlocked.Decrement(ref _inside);
        return null;
    }

    private sealed class Stay(Admission admission) : IDisposable
    {
        private Admission? _admission = admission;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _admission, null) is { } left)
            {
                Interlocked.Decrement(ref left._inside);
            }
        }
    }
}
