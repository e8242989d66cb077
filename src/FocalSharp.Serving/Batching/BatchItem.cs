using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.Serving.Batching;

/// <summary>An image in the queue. It owns the input, because a batch may outlive the request.</summary>
internal sealed class BatchItem(PreparedImage input, DetectionLimits limits, Action release, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<IReadOnlyList<Detection>> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PreparedImage Input => input;

    public DetectionLimits Limits => limits;

    /// <summary>Gets whether the request was canceled.</summary>
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
        _ = _result.Task.Exception; // observed, even if the request was aborted
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
