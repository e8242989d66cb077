using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using FocalSharp.Torch.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Distributed;

/// <summary>
/// Sums the gradients over the ranks while the backward pass computes the others. Losses are averaged over the whole batch already, so the sum is its
/// gradient.
/// </summary>
/// <remarks>
/// One buffer outside of the managed heap contains all gradients, in buckets, from the network's last parameters to its first. When the backward pass
/// leaves a block (<see cref="BackwardCallbacks"/>), the complete gradients are copied into the buffer; a thread of its own sums complete buckets with its
/// own duplicate of the ranks, always in the same order; and the optimizer reads the sums where they are. The buckets depend on the model alone, so a
/// resumed run sums in the same order.
/// </remarks>
internal sealed class GradientReducer : IDisposable
{
    // A bucket is an eighth of the gradients: the first starts early, and there are few exchanges. Beyond 4 MiB the latency of an exchange is small.
    private const int BucketsPerModel = 8;
    private const int MaxBucketLength = 1 << 20;
    private const int MinBucketLength = 1 << 14;
    private const int BlocksPerModel = 32;

    private readonly ICollective _ranks; // of the thread; the trainer's if only one thread may use MPI
    private readonly IMonitoredCollective? _training; // of the thread that trains
    private readonly BFloat16Wire? _wire;
    private readonly Tensor _buffer;
    private readonly GradientBucket[] _buckets;
    private readonly BackwardCallbacks? _callbacks;
    private readonly BlockingCollection<int> _complete = [];
    private readonly Thread? _thread;
    private readonly ManualResetEventSlim _isReduced = new();
    private ExceptionDispatchInfo? _failure;
    private int _next;
    private bool _isLastBatch;
    private long _exchangeTicks;
    private long _waitTicks;

    /// <summary>Initializes a reducer; all ranks do at the same time.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="network">The network.</param>
    /// <param name="precision">How gradients are sent: float32 or bfloat16.</param>
    public GradientReducer(ICollective ranks, nn.Module network, Precision precision)
    {
        Parameter[] parameters = [.. network.parameters().Where(parameter => parameter.requires_grad)];
        long length = parameters.Sum(parameter => parameter.numel());
        IReadOnlyList<Parameter[]> buckets = GradientBucket.Split(
            parameters.Reverse(), (int)Math.Clamp(length / BucketsPerModel, MinBucketLength, MaxBucketLength));
        _buffer = zeros(buckets.Sum(GradientBucket.Measure), dtype: ScalarType.Float32).DetachFromDisposeScope();
        _buckets = GradientBucket.Place(buckets, _buffer);
        ICollective? own = ranks.Duplicate();
        (_ranks, _training) = (own ?? ranks, ranks as IMonitoredCollective);
        _wire = precision == Precision.BFloat16 ? new BFloat16Wire(_ranks) : null;
        if (own is not null)
        {
            _callbacks = new BackwardCallbacks(network, Math.Max(1, length / BlocksPerModel), TakeComplete);
            _thread = new Thread(ReduceComplete) { IsBackground = true, Name = nameof(GradientReducer) };
            _thread.Start();
        }
    }

    /// <summary>Gets the number of buckets.</summary>
    public int BucketCount => _buckets.Length;

    /// <summary>Gets how many buckets of the last step were complete before the end of the backward pass.</summary>
    public int EarlyBuckets { get; private set; }

    /// <summary>Gets the time that exchanges took so far, waiting for other ranks included.</summary>
    public TimeSpan ExchangeTime => TimeSpan.FromSeconds((double)Interlocked.Read(ref _exchangeTicks) / Stopwatch.Frequency);

    /// <summary>Gets the time that <see cref="Finish"/> waited so far.</summary>
    public TimeSpan WaitTime => TimeSpan.FromSeconds((double)_waitTicks / Stopwatch.Frequency);

    private Span<float> Buffer => _buffer.numel() == 0 ? [] : new NativeFloat32(_buffer).Span;

    /// <summary>Starts a batch of a step, before its forward pass. Gradients are null at the start of a step.</summary>
    /// <param name="isFirst">Whether it is the first batch of the step.</param>
    /// <param name="isLast">Whether it is the last one: gradients are complete, and exchanged, with its backward pass.</param>
    public void BeginBatch(bool isFirst, bool isLast)
    {
        foreach (GradientBucket bucket in _buckets)
        {
            if (isFirst)
            {
                bucket.Clear(Buffer);
            }
            else
            {
                bucket.BeginBatch();
            }
        }

        (_next, EarlyBuckets, _isLastBatch) = (0, 0, isLast);
        _isReduced.Reset();
        if (_callbacks is not null)
        {
            _callbacks.IsActive = isLast;
        }
    }

    /// <summary>Ends a batch after its backward pass: adds the gradients that are not yet in the buffer.</summary>
    public void EndBatch()
    {
        EarlyBuckets = _next;
        using IDisposable guard = no_grad();
        for (int i = _next; i < _buckets.Length; i++)
        {
            _buckets[i].Take(Buffer, isLast: true);
            if (_isLastBatch)
            {
                Reduce(i);
            }
        }

        if (_callbacks is not null)
        {
            _callbacks.IsActive = false;
        }
    }

    /// <summary>Waits for the sums of the step and makes them the gradients. A parameter that has a gradient on some ranks gets one on all.</summary>
    /// <exception cref="TrainingException">An exchange failed.</exception>
    public void Finish()
    {
        if (_buckets.Length > 0)
        {
            long started = Stopwatch.GetTimestamp();
            using IDisposable? waiting = _training?.BeginWaiting();
            _isReduced.Wait();
            _waitTicks += Stopwatch.GetTimestamp() - started;
        }

        _failure?.Throw();
        using IDisposable guard = no_grad();
        foreach (GradientBucket bucket in _buckets)
        {
            bucket.Assign(Buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _callbacks?.Dispose();
        _complete.CompleteAdding();
        if (_thread is null || _thread.Join(TimeSpan.FromSeconds(1)))
        {
            Array.ForEach(_buckets, bucket => bucket.Dispose());
            _buffer.Dispose();
            _complete.Dispose();
            if (_thread is not null && _failure is null)
            {
                _ranks.Dispose();
            }
        }

        // Otherwise an exchange waits for a rank that has failed: what it uses stays alive until the process ends.
    }

    private void TakeComplete()
    {
        try
        {
            for (; _next < _buckets.Length; _next++)
            {
                _buckets[_next].Take(Buffer, isLast: false);
                if (!_buckets[_next].IsComplete)
                {
                    return;
                }

                Reduce(_next);
            }
        }
        catch (Exception exception) // native code called it
        {
            _failure ??= ExceptionDispatchInfo.Capture(exception);
            _isReduced.Set();
        }
    }

    private void Reduce(int bucket)
    {
        _buckets[bucket].ClearMissing();
        if (_thread is null)
        {
            Exchange(bucket);
        }
        else
        {
            _complete.Add(bucket);
        }
    }

    private void ReduceComplete()
    {
        try
        {
            foreach (int bucket in _complete.GetConsumingEnumerable())
            {
                Exchange(bucket);
            }
        }
        catch (Exception exception) // thrown by Finish, on the training thread
        {
            _failure ??= ExceptionDispatchInfo.Capture(exception);
            _isReduced.Set();
        }
    }

    private void Exchange(int bucket)
    {
        long started = Stopwatch.GetTimestamp();
        Span<float> values = Buffer.Slice(_buckets[bucket].Start, _buckets[bucket].Length);
        if (_wire is null)
        {
            _ranks.AllReduceSum(values);
        }
        else
        {
            _wire.AllReduceSum(values);
        }

        _ = Interlocked.Add(ref _exchangeTicks, Stopwatch.GetTimestamp() - started);
        if (bucket == _buckets.Length - 1)
        {
            _isReduced.Set();
        }
    }
}
