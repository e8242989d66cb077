namespace FocalSharp.Serving.Uploads;

/// <summary>
/// A semaphore whose holders weigh differently (bytes, pixels). Waiters are served in the order of their coming, so a heavy one
/// is not overtaken for ever by light ones.
/// </summary>
/// <param name="capacity">The most weight held at one time.</param>
internal sealed class WeightedLimit(long capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private long _free = capacity;

    /// <summary>The most weight held at one time.</summary>
    public long Capacity { get; } = capacity;

    /// <summary>Waits until the weight fits.</summary>
    /// <param name="weight">0 to <see cref="Capacity"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The hold; disposing it gives the weight back.</returns>
    public async ValueTask<IDisposable> HoldAsync(long weight, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, Capacity);
        Waiter waiter = new(weight);
        lock (_gate)
        {
            if (_waiters.Count == 0 && weight <= _free)
            {
                _free -= weight;
                return new Hold(this, weight);
            }

            _waiters.AddLast(waiter);
        }

        using (cancellation.UnsafeRegister(_ => Abandon(waiter, cancellation), null))
        {
            await waiter.Served.Task;
        }

        return new Hold(this, weight);
    }

    private void Abandon(Waiter waiter, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_waiters.Remove(waiter))
            {
                waiter.Served.SetCanceled(cancellation);
                ServeWaiters(); // the next may be lighter
            }
        }
    }

    private void Release(long weight)
    {
        lock (_gate)
        {
            _free += weight;
            ServeWaiters();
        }
    }

    private void ServeWaiters()
    {
        while (_waiters.First is { Value: { } next } && next.Weight <= _free)
        {
            _waiters.RemoveFirst();
            _free -= next.Weight;
            next.Served.SetResult();
        }
    }

    private sealed class Waiter(long weight)
    {
        public long Weight => weight;

        public TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Hold(WeightedLimit limit, long weight) : IDisposable
    {
        private WeightedLimit? _limit = limit;

        public void Dispose() => Interlocked.Exchange(ref _limit, null)?.Release(weight);
    }
}
