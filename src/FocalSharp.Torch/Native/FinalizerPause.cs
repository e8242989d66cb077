using System.Runtime.CompilerServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Pauses the finalizer thread while libtorch computes; open one around each step of a training loop. TorchSharp 0.107 passes the
/// native handle of a <c>Scalar</c> (of every number in <c>x * 2</c>, also in its own layers) without keeping the object alive
/// during the call; a garbage collection at that moment frees the number, which rarely gives a wrong result, an "Unknown scalar
/// type" error, or a damaged heap. Garbage is freed after the pause.
/// </summary>
/// <remarks>
/// Pauses nest and may overlap between threads; the end of the last one releases the finalizer thread. A pause costs one
/// collection of generation 0. It ends by itself after a minute, so that code that waits for finalizers within it does not hang.
/// </remarks>
public sealed class FinalizerPause : IDisposable
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(1);
    private static readonly Lock Gate = new();
    private static int _activePauses;
    private static ManualResetEventSlim? _release;

    private bool _ended;

    private FinalizerPause()
    {
    }

    /// <summary>Begins a pause.</summary>
    public static FinalizerPause Begin()
    {
        lock (Gate)
        {
            if (_activePauses++ == 0)
            {
                BlockFinalizerThread();
            }
        }

        return new FinalizerPause();
    }

    /// <summary>Ends this pause.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        lock (Gate)
        {
            if (--_activePauses == 0)
            {
                _release?.Set();
                _release = null;
            }
        }
    }

    private static void BlockFinalizerThread()
    {
        ManualResetEventSlim blocked = new();
        _release = new ManualResetEventSlim();
        CreateUnreachable(blocked, _release);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        blocked.Wait(StartTimeout);
    }

    // In a method of its own, so that no local variable of the caller keeps the object alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CreateUnreachable(ManualResetEventSlim blocked, ManualResetEventSlim release) => _ = new FinalizerBlocker(blocked, release);

    private sealed class FinalizerBlocker(ManualResetEventSlim blocked, ManualResetEventSlim release)
    {
#pragma warning disable MA0055 // a finalizer is the only way onto the finalizer thread
        ~FinalizerBlocker()
        {
            blocked.Set();
            release.Wait(MaxDuration);
        }
#pragma warning restore MA0055
    }
}
