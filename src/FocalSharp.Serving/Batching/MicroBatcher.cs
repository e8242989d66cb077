using System.Diagnostics;
using System.Threading.Channels;
using FocalSharp.Detections;
using FocalSharp.Runtime;
using FocalSharp.Serving.Metrics;
using Microsoft.Extensions.Logging;

namespace FocalSharp.Serving.Batching;

/// <summary>
/// Runs images of several requests in batches: one worker takes the waiting images, at most a batch, and passes them to the detector. Disposing
/// accepts no more images and returns when all accepted ones are done.
/// </summary>
internal sealed partial class MicroBatcher : IAsyncDisposable
{
    private const double Smoothing = 0.1;

    private readonly IDetector _detector;
    private readonly DetectOptions _detect;
    private readonly BatchingOptions _options;
    private readonly ServingMetrics _metrics;
    private readonly ILogger<MicroBatcher> _logger;
    private readonly Channel<BatchItem> _queue;
    private readonly Task _worker;
    private Task<bool>? _pendingRead;
    private int _reserved;
    private long _processed;
    private double _secondsPerImage;
    private int _consecutiveFailures;

    public MicroBatcher(IDetector detector, ServingOptions options, ServingMetrics metrics, ILogger<MicroBatcher> logger)
    {
        options.Batching.Validate();
        (_detector, _detect, _options, _metrics, _logger) = (detector, options.Detect, options.Batching, metrics, logger);
        _queue = Channel.CreateBounded<BatchItem>(_options.QueueLimit);
        _worker = Task.Run(RunWorkerAsync);
        metrics.ObserveQueue(() => Reserved);
    }

    /// <summary>Gets the number of images that are being prepared, waiting or running.</summary>
    public int Reserved => Volatile.Read(ref _reserved);

    /// <summary>Gets the number of images that were run.</summary>
    public long Processed => Interlocked.Read(ref _processed);

    /// <summary>Gets the number of images that are prepared and wait for a batch.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Gets the estimated time for the current images, from recent batches; zero before the first batch.</summary>
    public TimeSpan ExpectedWait => TimeSpan.FromSeconds(Volatile.Read(ref _secondsPerImage) * Reserved);

    /// <summary>Gets the number of consecutive images on which the model failed.</summary>
    public int ConsecutiveFailures => Volatile.Read(ref _consecutiveFailures);

    /// <summary>Reserves places for all images of a request.</summary>
    /// <returns>The places, or null if there are too few.</returns>
    public QueueSlots? TryReserve(int images)
    {
        if (Interlocked.Add(ref _reserved, images) <= _options.QueueLimit)
        {
            return new QueueSlots(this, images);
        }

        Release(images);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _worker;
    }

    internal void Release(int images) => Interlocked.Add(ref _reserved, -images);

    internal Task<IReadOnlyList<Detection>> EnqueueAsync(PreparedImage input, DetectionLimits limits, CancellationToken cancellationToken)
    {
        BatchItem item = new(input, limits, () => Release(1), cancellationToken);
        if (!_queue.Writer.TryWrite(item)) // there is always room for reserved places, so the queue was completed
        {
            item.Cancel();
        }

        return item.Result.WaitAsync(cancellationToken);
    }

    private async Task RunWorkerAsync()
    {
        List<BatchItem> batch = new(_options.MaxBatch);
        while (await WaitToReadAsync())
        {
            await FillBatchAsync(batch);
            if (batch.Count > 0)
            {
                Run(batch);
                Interlocked.Add(ref _processed, batch.Count);
                batch.Clear();
            }
        }
    }

    private Task<bool> WaitToReadAsync()
    {
        _pendingRead = _pendingRead is { IsCompleted: false } ? _pendingRead : _queue.Reader.WaitToReadAsync().AsTask();
        return _pendingRead;
    }

    private async Task FillBatchAsync(List<BatchItem> batch)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            while (batch.Count < _options.MaxBatch && _queue.Reader.TryRead(out BatchItem? item))
            {
                if (item.IsCanceled)
                {
                    item.Cancel();
                }
                else
                {
                    batch.Add(item);
                }
            }

            TimeSpan left = _options.MaxWait - Stopwatch.GetElapsedTime(began);
            if (batch.Count == 0 || batch.Count == _options.MaxBatch || left <= TimeSpan.Zero || Reserved <= batch.Count)
            {
                return;
            }

            Task<bool> more = WaitToReadAsync();
            if (await Task.WhenAny(more, Task.Delay(left)) != more || !await more)
            {
                return;
            }
        }
    }

    private void Run(List<BatchItem> batch)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            Runtime.Detections[] found = Detect(batch);
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            _metrics.RecordBatch(batch.Count, took, found.Sum(image => image.Count));
            UpdateSecondsPerImage(took.TotalSeconds / batch.Count);
            Volatile.Write(ref _consecutiveFailures, 0);
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].Succeed(found[i]);
            }
        }
        catch (Exception exception) when (batch.Count > 1)
        {
            LogBatchFailed(exception, batch.Count);
            batch.ForEach(item => Run([item])); // a failure of one image must not fail the others
        }
        catch (Exception exception)
        {
            Interlocked.Increment(ref _consecutiveFailures);
            LogImageFailed(exception, batch[0].Input.OriginalSize.ToString());
            batch[0].Fail(exception);
        }
    }

    private Runtime.Detections[] Detect(List<BatchItem> batch)
    {
        DetectionLimits limits = batch.Select(item => item.Limits).Aggregate((all, one) => all.Union(one));
        return _detector.Detect(
            [.. batch.Select(item => item.Input)],
            _detect with { ScoreThreshold = limits.ScoreThreshold, MaxDetections = limits.MaxDetections });
    }

    private void UpdateSecondsPerImage(double secondsPerImage) => Volatile.Write(
        ref _secondsPerImage,
        _secondsPerImage == 0 ? secondsPerImage : ((1 - Smoothing) * _secondsPerImage) + (Smoothing * secondsPerImage));

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} images failed; retrying each image alone.")]
    private partial void LogBatchFailed(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The model failed on an image of {Size} pixels.")]
    private partial void LogImageFailed(Exception exception, string size);
}
