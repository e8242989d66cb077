using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Runs managed code on libtorch's OpenMP threads, so that the two do not compete for cores; on the thread pool if OpenMP's entry
/// point is not exported.
/// </summary>
internal static unsafe class OpenMpParallel
{
    private static readonly Lazy<nint> GompParallel = new(FindGompParallel);

    /// <summary>
    /// Runs the parts 0 to <paramref name="count"/> − 1, each once, in any order, and returns when all are done.
    /// </summary>
    /// <exception cref="AggregateException">A part threw an exception.</exception>
    public static void Run(int count, Action<int> part)
    {
        int threads = Math.Min(count, TorchSharp.torch.get_num_threads());
        if (threads <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                part(i);
            }

            return;
        }

        if (GompParallel.Value == 0)
        {
            System.Threading.Tasks.Parallel.For(0, count, part);
            return;
        }

        Work work = new(count, part);
        GCHandle handle = GCHandle.Alloc(work);
        try
        {
            ((delegate* unmanaged<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void>)GompParallel.Value)(
                &RunWorker, GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }

        work.ThrowIfFailed();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void RunWorker(nint work) => ((Work)GCHandle.FromIntPtr(work).Target!).Execute();

    // OpenMP is a dependency of libtorch: the loader finds its symbols through libtorch's handle.
    private static nint FindGompParallel() =>
        OperatingSystem.IsLinux() && LibTorchLibrary.TryOpen(out nint library) && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint entry)
            ? entry
            : 0;

    private sealed class Work(int count, Action<int> part)
    {
        private int _next = -1;
        private Exception? _failure;

        public void Execute()
        {
            try
            {
                for (int i = Interlocked.Increment(ref _next); i < count; i = Interlocked.Increment(ref _next))
                {
                    part(i);
                }
            }
            catch (Exception exception)
            {
                _failure = exception; // must not cross the native frames of the caller
            }
        }

        public void ThrowIfFailed()
        {
            if (_failure is not null)
            {
                throw new AggregateException(_failure);
            }
        }
    }
}
