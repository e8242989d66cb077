using System.Runtime.CompilerServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Holds the finalizer thread while libtorch computes. TorchSharp 0.107 passes the native handle of a <c>Scalar</c> (of every number in
/// <c>x * 2</c>, also inside its own layers) without keeping the object alive through the call; a collection at that moment frees the
/// number under libtorch's hands: now and then a wrong result, an "Unknown scalar type", or a damaged heap. Nothing is freed within a
/// pause; what has become garbage is freed at its end.
/// </summary>
/// <remarks>
/// Pauses nest and may overlap between threads; the last to end releases the thread. A pause costs one collection of the youngest
/// generation. It ends by itself after a minute, so that code which waits for finalizers within it is late rather than stuck.
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

    /// <summary>Starts a pause, or joins the one that is on.</summary>
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
