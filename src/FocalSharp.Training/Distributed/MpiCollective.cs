using System.Diagnostics;
using System.Text;

namespace FocalSharp.Training.Distributed;

/// <summary>Ranks over MPI's C interface.</summary>
internal sealed unsafe class MpiCollective : ICollective, IMonitoredCollective
{
    private const int Success = 0;
    private const int ThreadSerialized = 2;
    private const int ThreadMultiple = 3;
    private const int MaxErrorLength = 512; // MPI_MAX_ERROR_STRING of MPICH, the largest
    private const int MaxBroadcast = 1 << 30;
    private const int StatusSize = 128; // more than any implementation's MPI_Status

    private readonly MpiLibrary _library;
    private readonly MpiAbi _abi;
    private readonly nint _communicator;
    private readonly bool _allowsThreads;
    private readonly MpiCollective? _owner; // null for the one that started MPI
    private readonly delegate* unmanaged<nint, void*, int, nint, nint, nint, int> _allReduce;
    private readonly delegate* unmanaged<nint, void*, int, nint, nint, nint, nint*, int> _startAllReduce;
    private readonly delegate* unmanaged<nint, nint*, int> _startBarrier;
    private readonly delegate* unmanaged<nint*, int*, byte*, int> _test;
    private readonly Lock _stateLock = new();
    private RankMonitor? _monitor;
    private long _operations;
    private long _waitingSince;
    private bool _isWaiting;
    private long _began;
    private long _exchangeTicks;
    private int _suspended;
    private bool _sharesMachine;
    private bool _disposed;

    private MpiCollective(MpiLibrary library, nint communicator, bool allowsThreads, MpiCollective? owner)
    {
        (_library, _abi, _communicator, _allowsThreads, _owner) = (library, library.Abi, communicator, allowsThreads, owner);
        _allReduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)library.Find("MPI_Allreduce");
        _startAllReduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, nint*, int>)library.Find("MPI_Iallreduce");
        _startBarrier = (delegate* unmanaged<nint, nint*, int>)library.Find("MPI_Ibarrier");
        _test = (delegate* unmanaged<nint*, int*, byte*, int>)library.Find("MPI_Test");
        int value = 0;
        Check(((delegate* unmanaged<nint, int*, int>)library.Find("MPI_Comm_rank"))(communicator, &value), "MPI_Comm_rank");
        Rank = value;
        Check(((delegate* unmanaged<nint, int*, int>)library.Find("MPI_Comm_size"))(communicator, &value), "MPI_Comm_size");
        Size = value;
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Gets the name and version of the MPI library.</summary>
    public string LibraryName => _library.Name;

    /// <inheritdoc/>
    public long Operations
    {
        get
        {
            lock (_stateLock)
            {
                return _operations;
            }
        }
    }

    /// <inheritdoc/>
    public double WaitingSeconds
    {
        get
        {
            lock (_stateLock)
            {
                return _isWaiting ? Stopwatch.GetElapsedTime(_waitingSince).TotalSeconds : 0;
            }
        }
    }

    /// <inheritdoc/>
    public TimeSpan ExchangeTime => TimeSpan.FromSeconds((double)Interlocked.Read(ref _exchangeTicks) / Stopwatch.Frequency);

    private bool SharesMachine => (_owner ?? this)._sharesMachine;

    /// <inheritdoc/>
    public bool IsSuspended => Volatile.Read(ref _suspended) > 0;

    /// <summary>Starts MPI.</summary>
    /// <param name="library">The library.</param>
    /// <param name="timeout">How long a rank may wait for another one.</param>
    /// <exception cref="TrainingException">MPI cannot be started.</exception>
    public static MpiCollective Start(MpiLibrary library, TimeSpan timeout)
    {
        int provided = 0;
        int code = ((delegate* unmanaged<nint, nint, int, int*, int>)library.Find("MPI_Init_thread"))(0, 0, ThreadMultiple, &provided);
        if (code != Success)
        {
            throw new TrainingException($"MPI_Init_thread failed with code {code}. Check that the launcher and the library belong to the same MPI.");
        }

        if (provided < ThreadSerialized)
        {
            throw new TrainingException($"{library.Name} supports one thread only (level {provided}), but training needs MPI_THREAD_SERIALIZED. Install another build.");
        }

        nint world = library.Abi.World;
        _ = ((delegate* unmanaged<nint, nint, int>)library.Find("MPI_Comm_set_errhandler"))(world, library.Abi.ErrorsReturn);
        MpiCollective ranks = new(library, world, provided >= ThreadMultiple, null);
        ranks._sharesMachine = ranks.GatherTexts(Environment.MachineName).Count(name => name == Environment.MachineName) > 1;
        if (ranks.Size > 1 && ranks._allowsThreads)
        {
            ranks._monitor = RankMonitor.Start(ranks, new MpiMessages(library, ranks.DuplicateCommunicator()), timeout, Console.Error);
        }

        return ranks;
    }

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values) => AllReduce(values, _abi.Float32, _abi.Sum);

    /// <inheritdoc/>
    public void AllReduceSum(Span<double> values) => AllReduce(values, _abi.Float64, _abi.Sum);

    /// <inheritdoc/>
    public void AllReduceMax(Span<double> values) => AllReduce(values, _abi.Float64, _abi.Max);

    /// <inheritdoc/>
    public void Broadcast(Span<byte> values, int root)
    {
        delegate* unmanaged<byte*, int, nint, int, nint, int> broadcast = (delegate* unmanaged<byte*, int, nint, int, nint, int>)_library.Find("MPI_Bcast");
        for (int start = 0; start < values.Length; start += MaxBroadcast)
        {
            Span<byte> part = values.Slice(start, Math.Min(MaxBroadcast, values.Length - start));
            fixed (byte* data = part)
            {
                BeginTogether();
                int code = broadcast(data, part.Length, _abi.Bytes, root, _communicator);
                End(code, "MPI_Bcast");
            }
        }
    }

    /// <inheritdoc/>
    public void AllGather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(all.Length, checked(own.Length * Size));
        fixed (byte* source = own)
        fixed (byte* target = all)
        {
            BeginTogether();
            int code = ((delegate* unmanaged<byte*, int, nint, byte*, int, nint, nint, int>)_library.Find("MPI_Allgather"))(
                source, own.Length, _abi.Bytes, target, own.Length, _abi.Bytes, _communicator);
            End(code, "MPI_Allgather");
        }
    }

    /// <inheritdoc/>
    public void AllToAll(ReadOnlySpan<byte> sent, Span<byte> received)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(received.Length, sent.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sent.Length % Size, 0);
        fixed (byte* source = sent)
        fixed (byte* target = received)
        {
            BeginTogether();
            int code = ((delegate* unmanaged<byte*, int, nint, byte*, int, nint, nint, int>)_library.Find("MPI_Alltoall"))(
                source, sent.Length / Size, _abi.Bytes, target, sent.Length / Size, _abi.Bytes, _communicator);
            End(code, "MPI_Alltoall");
        }
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        BeginTogether();
        End(((delegate* unmanaged<nint, int>)_library.Find("MPI_Barrier"))(_communicator), "MPI_Barrier");
    }

    /// <inheritdoc/>
    public ICollective? Duplicate() => _allowsThreads ? new MpiCollective(_library, DuplicateCommunicator(), _allowsThreads, _owner ?? this) : null;

    /// <inheritdoc/>
    public IDisposable BeginWaiting()
    {
        SetWaiting(true);
        return new Waiting(this);
    }

    /// <inheritdoc/>
    public IDisposable SuspendTimeout() => new Suspension(this);

    /// <inheritdoc/>
    public void Abort()
    {
        // MPI_Abort can itself wait for a thread that hangs in MPI; the launcher ends the other ranks of a process that is killed.
        Thread fallback = new(() =>
        {
            Thread.Sleep(TimeSpan.FromSeconds(5));
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true };
        fallback.Start();
        _ = ((delegate* unmanaged<nint, int, int>)_library.Find("MPI_Abort"))(_abi.World, 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_owner is not null)
        {
            nint communicator = _communicator;
            _ = ((delegate* unmanaged<nint*, int>)_library.Find("MPI_Comm_free"))(&communicator);
            return;
        }

        _monitor?.Dispose();
        _ = ((delegate* unmanaged<int>)_library.Find("MPI_Finalize"))();
    }

    private void AllReduce<T>(Span<T> values, nint type, nint operation)
        where T : unmanaged
    {
        fixed (T* data = values)
        {
            Begin();
            if (SharesMachine)
            {
                nint request = 0;
                Check(_startAllReduce(_abi.InPlace, data, values.Length, type, operation, _communicator, &request), "MPI_Iallreduce");
                Complete(request);
                End(Success, "MPI_Iallreduce");
                return;
            }

            int code = _allReduce(_abi.InPlace, data, values.Length, type, operation, _communicator);
            End(code, "MPI_Allreduce");
        }
    }

    private nint DuplicateCommunicator()
    {
        nint copy = 0;
        BeginTogether();
        End(((delegate* unmanaged<nint, nint*, int>)_library.Find("MPI_Comm_dup"))(_communicator, &copy), "MPI_Comm_dup");
        return copy;
    }

    private void Begin()
    {
        _began = Stopwatch.GetTimestamp();
        if (_owner is null)
        {
            SetWaiting(true);
        }
    }

    private void BeginTogether()
    {
        Begin();
        if (SharesMachine)
        {
            nint request = 0;
            Check(_startBarrier(_communicator, &request), "MPI_Ibarrier");
            Complete(request);
        }
    }

    // MPI waits without leaving the processor, which ranks on the same machine need: with more ranks or other work than cores, each exchange would
    // last a time slice, and the exchange of gradients would take the time of the backward pass.
    private void Complete(nint request)
    {
        const int Spins = 200;
        const int Yields = 400;
        byte* status = stackalloc byte[StatusSize];
        int done = 0;
        for (int tests = 0; ; tests++)
        {
            Check(_test(&request, &done, status), "MPI_Test");
            if (done != 0)
            {
                return;
            }

            if (tests < Spins)
            {
                Thread.SpinWait(20);
            }
            else if (tests < Yields)
            {
                _ = Thread.Yield();
            }
            else
            {
                Thread.Sleep(1);
            }
        }
    }

    private void End(int code, string function)
    {
        MpiCollective rank = _owner ?? this;
        lock (rank._stateLock)
        {
            rank._operations++;
        }

        if (_owner is null)
        {
            SetWaiting(false);
        }

        _ = Interlocked.Add(ref _exchangeTicks, Stopwatch.GetTimestamp() - _began);

        Check(code, function);
    }

    private void SetWaiting(bool isWaiting)
    {
        lock (_stateLock)
        {
            (_isWaiting, _waitingSince) = (isWaiting, Stopwatch.GetTimestamp());
        }
    }

    private void Check(int code, string function)
    {
        if (code == Success)
        {
            return;
        }

        byte[] text = new byte[MaxErrorLength];
        int length = 0;
        fixed (byte* start = text)
        {
            _ = ((delegate* unmanaged<int, byte*, int*, int>)_library.Find("MPI_Error_string"))(code, start, &length);
        }

        string reason = Encoding.UTF8.GetString(text, 0, Math.Clamp(length, 0, text.Length)).Trim('\0', ' ', '\n');
        throw new TrainingException($"Rank {Rank} of {Size} on {Environment.MachineName}: {function} failed: {reason}. Another rank may have ended, or its connection is lost.");
    }

    private sealed class Waiting(MpiCollective ranks) : IDisposable
    {
        public void Dispose() => ranks.SetWaiting(false);
    }

    private sealed class Suspension : IDisposable
    {
        private readonly MpiCollective _ranks;

        public Suspension(MpiCollective ranks)
        {
            _ranks = ranks;
            Interlocked.Increment(ref ranks._suspended);
        }

        public void Dispose() => Interlocked.Decrement(ref _ranks._suspended);
    }
}
