using System.Runtime.InteropServices;

namespace FocalSharp.Training.Distributed;

/// <summary>Reports between ranks over MPI, on a communicator of their own.</summary>
internal sealed unsafe class MpiMessages : IRankMessages
{
    private const int Tag = 1;
    private const int MaxReport = 8;
    private const int StatusSize = 128; // more than any implementation's MPI_Status

    private readonly MpiLibrary _library;
    private readonly nint _communicator;
    private readonly byte* _status = (byte*)NativeMemory.AllocZeroed(StatusSize);
    private readonly Dictionary<int, Pending> _pending = [];

    /// <summary>Initializes reports over a communicator, which is freed with them.</summary>
    public MpiMessages(MpiLibrary library, nint communicator) => (_library, _communicator) = (library, communicator);

    /// <inheritdoc/>
    public void Send(int rank, ReadOnlySpan<double> report)
    {
        if (!_pending.TryGetValue(rank, out Pending? pending))
        {
            _pending.Add(rank, pending = new Pending());
        }

        if (pending.IsActive && !Test(pending))
        {
            return;
        }

        report.CopyTo(new Span<double>(pending.Values, MaxReport));
        int code = ((delegate* unmanaged<double*, int, nint, int, int, nint, nint*, int>)_library.Find("MPI_Isend"))(
            pending.Values, report.Length, _library.Abi.Float64, rank, Tag, _communicator, pending.Request);
        pending.IsActive = code == 0;
    }

    /// <inheritdoc/>
    public bool TryReceive(int rank, Span<double> report)
    {
        int arrived = 0;
        int code = ((delegate* unmanaged<int, int, nint, int*, byte*, int>)_library.Find("MPI_Iprobe"))(rank, Tag, _communicator, &arrived, _status);
        if (code != 0 || arrived == 0)
        {
            return false;
        }

        fixed (double* target = report)
        {
            return ((delegate* unmanaged<double*, int, nint, int, int, nint, byte*, int>)_library.Find("MPI_Recv"))(
                target, report.Length, _library.Abi.Float64, rank, Tag, _communicator, _status) == 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // All ranks have stopped to send once all are here; what is on its way is received, so that MPI ends without open messages.
        _ = ((delegate* unmanaged<nint, int>)_library.Find("MPI_Barrier"))(_communicator);
        Span<double> report = stackalloc double[MaxReport];
        foreach ((int rank, Pending pending) in _pending)
        {
            while (TryReceive(rank, report[..3]))
            {
            }

            if (pending.IsActive)
            {
                _ = Test(pending);
            }

            pending.Dispose();
        }

        nint communicator = _communicator;
        _ = ((delegate* unmanaged<nint*, int>)_library.Find("MPI_Comm_free"))(&communicator);
        NativeMemory.Free(_status);
    }

    private bool Test(Pending pending)
    {
        int done = 0;
        int code = ((delegate* unmanaged<nint*, int*, byte*, int>)_library.Find("MPI_Test"))(pending.Request, &done, _status);
        pending.IsActive = code == 0 && done == 0;
        return !pending.IsActive;
    }

    /// <summary>A report on its way; native memory, because MPI reads it after the call.</summary>
    private sealed class Pending : IDisposable
    {
        public double* Values { get; } = (double*)NativeMemory.AllocZeroed(MaxReport, sizeof(double));

        public nint* Request { get; } = (nint*)NativeMemory.AllocZeroed(1, (nuint)sizeof(nint));

        public bool IsActive { get; set; }

        public void Dispose()
        {
            if (!IsActive)
            {
                NativeMemory.Free(Values);
                NativeMemory.Free(Request);
            }
        }
    }
}
