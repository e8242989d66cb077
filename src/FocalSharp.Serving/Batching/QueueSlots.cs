using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.Serving.Batching;

/// <summary>The places in the queue that a request reserves before its images are prepared.</summary>
internal sealed class QueueSlots : IDisposable
{
    private readonly MicroBatcher _batcher;
    private int _unused;

    public QueueSlots(MicroBatcher batcher, int places) => (_batcher, _unused) = (batcher, places);

    /// <summary>Adds an image to the queue; its place is free again after its batch.</summary>
    /// <param name="input">The image; the queue takes ownership.</param>
    /// <param name="limits">The score threshold and the maximum number of detections.</param>
    /// <param name="cancellationToken">Cancels the wait; an image that is not in a running batch is then skipped.</param>
    public Task<IReadOnlyList<Detection>> DetectAsync(PreparedImage input, DetectionLimits limits, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _unused) < 0)
        {
            input.Dispose();
            throw new InvalidOperationException("More images than places were reserved.");
        }

        return _batcher.EnqueueAsync(input, limits, cancellationToken);
    }

    public void Dispose()
    {
        int unused = Interlocked.Exchange(ref _unused, 0);
        if (unused > 0)
        {
            _batcher.Release(unused);
        }
    }
}
