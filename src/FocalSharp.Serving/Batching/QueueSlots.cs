using FocalSharp.Detections;
using FocalSharp.Serving.Models;

namespace FocalSharp.Serving.Batching;

/// <summary>Places in the queue that one request holds for its images, taken before they are prepared.</summary>
internal sealed class QueueSlots : IDisposable
{
    private readonly MicroBatcher _batcher;
    private int _unused;

    public QueueSlots(MicroBatcher batcher, int places) => (_batcher, _unused) = (batcher, places);

    /// <summary>Puts an image into the queue; its place is free again once it has been run.</summary>
    /// <param name="input">The image, owned by the queue from here on.</param>
    /// <param name="limits">What is asked for.</param>
    /// <param name="cancellationToken">Ends the wait; an image that has not begun to run is then passed over.</param>
    public Task<IReadOnlyList<Detection>> DetectAsync(IModelInput input, DetectionLimits limits, CancellationToken cancellationToken)
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
