using FocalSharp.Detections;
using FocalSharp.Serving.Models;

namespace FocalSharp.Serving.Batching;

/// <summary>One image on its way through the queue. It owns the input, since a run may outlive the request that asked for it.</summary>
internal sealed class BatchItem(IModelInput input, DetectionLimits limits, Action release, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<IReadOnlyList<Detection>> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IModelInput Input => input;

    public DetectionLimits Limits => limits;

    /// <summary>True where nobody waits for it any more.</summary>
    public bool IsCanceled => cancellationToken.IsCancellationRequested;

    public Task<IReadOnlyList<Detection>> Result => _result.Task;

    public void Succeed(IReadOnlyList<Detection> found)
    {
        Complete();
        _result.TrySetResult(limits.Apply(found));
    }

    public void Fail(Exception exception)
    {
        Complete();
        _result.TrySetException(exception);
        _ = _result.Task.Exception; // seen, even where the request has gone
    }

    public void Cancel()
    {
        Complete();
        _result.TrySetCanceled(cancellationToken);
    }

    private void Complete()
    {
        input.Dispose();
        release();
    }
}
