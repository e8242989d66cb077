using FocalSharp.Detections;
using FocalSharp.Serving.Models;

namespace FocalSharp.Serving.Batching;

/// <summary>One image on its way through the queue. It owns the input, since a run may outlive the request that asked for it.</summary>
internal sealed class BatchItem(IModelInput input, DetectionLimits limits, Action release, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<IReadOnlyList<Detection>> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IModelInput Input => input;

    public DetectionLimits Limits => limits;

    /// <summary>True where nobody waits for it any more.</summary>
    public bool IsAbandoned => cancellation.IsCancellationRequested;

    public Task<IReadOnlyList<Detection>> Result => _result.Task;

    public void Succeed(IReadOnlyList<Detection> found)
    {
        End();
        _result.TrySetResult(limits.Cut(found));
    }

    public void Fail(Exception exception)
    {
        End();
        _result.TrySetException(exception);
        _ = _result.Task.Exception; // seen, even where the request has gone
    }

    public void Abandon()
    {
        End();
        _result.TrySetCanceled(cancellation);
    }

    private void End()
    {
        input.Dispose();
        release();
    }
}
