using FocalSharp.Serving.Hosting;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// The memory that a request's body takes, reserved as its bytes arrive: a client that announces much and sends little takes little. Not thread-safe.
/// </summary>
/// <param name="bytes">The memory for the bodies of all requests.</param>
internal sealed class UploadMemory(WeightedSemaphore bytes) : IDisposable
{
    private const long Step = 256 << 10;

    // Bodies that all wait for memory would wait for each other.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly List<IDisposable> _permits = [];
    private long _reserved;

    /// <summary>Reserves memory up to a total.</summary>
    /// <param name="total">The bytes received so far.</param>
    /// <param name="cancellationToken">Cancels the wait for memory.</param>
    /// <exception cref="ApiException">The memory is in use by other requests.</exception>
    public async ValueTask ReserveAsync(long total, CancellationToken cancellationToken)
    {
        while (_reserved < total)
        {
            long step = Math.Min(Step, bytes.Capacity - _reserved);
            _permits.Add(bytes.TryAcquire(step) ?? await WaitAsync(step, cancellationToken));
            _reserved += step;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _permits.ForEach(permit => permit.Dispose());
        _permits.Clear();
    }

    private async Task<IDisposable> WaitAsync(long step, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(MaxWait);
        try
        {
            return await bytes.AcquireAsync(step, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Also where the time for the body ends meanwhile: the client did not cause the wait.
            throw ApiException.Busy("The memory for uploads is in use. Try again later.", MaxWait);
        }
    }
}
