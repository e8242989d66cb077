namespace FocalSharp.Serving.Uploads;

/// <summary>
/// A semaphore whose permits have different weights (bytes, pixels). Waiters are served in order, so that small requests cannot starve a large
/// one.
/// </summary>
/// <param name="capacity">The maximum total weight.</param>
internal sealed class WeightedSemaphore(long capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private long _free = capacity;

    /// <summary>Gets the maximum total weight.</summary>
    public long Capacity { get; } = capacity;

    /// <summary>Waits until the weight is available.</summary>
    /// <param name="weight">The weight, 0 to <see cref="Capacity"/>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A permit; disposing it releases the weight.</returns>
    public async ValueTask<IDisposable> AcquireAsync(long weight, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, Capacity);
        Waiter waiter = new(weight);
        lock (_gate)
        {
            if (_waiters.Count == 0 && weight <= _free)
            {
                _free -= weight;
                return new Permit(this, weight);
            }

            _waiters.AddLast(waiter);
        }

        using (cancellationToken.UnsafeRegister(_ => CancelWaiter(waiter, cancellationToken), null))
        {
            await waiter.Granted.Task;
        }

        return new Permit(this, weight);
    }

    /// <summary>Returns a permit for the weight if it is available now and no one waits, or null.</summary>
    /// <param name="weight">The weight, 0 to <see cref="Capacity"/>.</param>
    public IDisposable? TryAcquire(long weight)
    {
        lock (_gate)
        {
            if (_waiters.Count > 0 || weight > _free)
            {
                return null;
            }

            _free -= weight;
            return new Permit(this, weight);
        }
    }

    private void CancelWaiter(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_waiters.Remove(waiter))
            {
                waiter.Granted.SetCanceled(cancellationToken);
                GrantWaiters(); // the next may be lighter
            }
        }
    }

    private void Release(long weight)
    {
        lock (_gate)
        {
            _free += weight;
            GrantWaiters();
        }
    }

    private void GrantWaiters()
    {
        while (_waiters.First is { Value: { } next } && next.Weight <= _free)
        {
            _waiters.RemoveFirst();
            _free -= next.Weight;
            next.Granted.SetResult();
        }
    }

    private sealed class Waiter(long weight)
    {
        public long Weight => weight;

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Permit(WeightedSemaphore limit, long weight) : IDisposable
    {
        private WeightedSemaphore? _semaphore = limit;

        public void Dispose() => Interlocked.Exchange(ref _semaphore, null)?.Release(weight);
    }
}
