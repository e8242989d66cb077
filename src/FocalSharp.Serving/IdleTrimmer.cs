using System.Runtime;
using FocalSharp.IO;
using FocalSharp.Runtime;

namespace FocalSharp.Serving;

/// <summary>Returns memory to the system once no image has been processed for a while. Requests that arrive meanwhile wait for it, well under a second.</summary>
internal sealed class IdleTrimmer : IAsyncDisposable
{
    private readonly Func<long> _processed;
    private readonly Func<bool> _isBusy;
    private readonly Action _trim;
    private readonly TimeSpan _idle;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _worker;

    /// <summary>Starts watching.</summary>
    /// <param name="processed">Returns the number of images processed so far.</param>
    /// <param name="isBusy">Returns whether images are being processed.</param>
    /// <param name="trim">Releases memory.</param>
    /// <param name="idle">The time without an image.</param>
    public IdleTrimmer(Func<long> processed, Func<bool> isBusy, Action trim, TimeSpan idle)
    {
        (_processed, _isBusy, _trim, _idle) = (processed, isBusy, trim, idle);
        _worker = Task.Run(WatchAsync);
    }

    /// <summary>Releases the detector's idle buffers, prepared images, garbage, and what the native heap retains.</summary>
    public static void ReleaseMemory(IDetector detector)
    {
        (detector as IMemoryTrimming)?.TrimMemory();
        PreparedImage.TrimPool();
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.ReleaseFreeMemory();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _worker;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        long trimmed = _processed();
        long last = trimmed;
        using PeriodicTimer timer = new(_idle);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                long now = _processed();
                if (now == last && now != trimmed && !_isBusy())
                {
                    _trim();
                    trimmed = now;
                }

                last = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }
}
