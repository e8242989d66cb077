using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FocalSharp.Training.Data;

/// <summary>
/// Threads of low priority that prepare batches: they must not take cores from the network, whose threads wait for one another at every
/// convolution. They have the lowest priority on Linux, below normal elsewhere.
/// </summary>
internal sealed partial class BackgroundThreads : IDisposable
{
    private const int LowestNiceValue = 19;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread[] _threads;

    /// <summary>Starts the threads.</summary>
    public BackgroundThreads(int count)
    {
        _threads = [.. Enumerable.Range(0, count).Select(i => new Thread(Run) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = $"loader {i}" })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Queues work, which must not throw; it runs in order when a thread is free.</summary>
    public void Add(Action work) => _work.Add(work);

    /// <summary>Finishes the queued work and ends the threads.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        Array.ForEach(_threads, thread => thread.Join());
        _work.Dispose();
    }

    private void Run()
    {
        if (OperatingSystem.IsLinux())
        {
            // Each thread has its own nice value there, and 0 is the calling thread; .NET does not change it.
            _ = OptionalNativeCall.TryInvoke(() => _ = SetPriority(0, 0, LowestNiceValue));
        }

        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int value);
}
