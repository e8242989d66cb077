using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FocalSharp.Training.Data;

/// <summary>
/// Threads that work only where the cores are free: what prepares batches must not take them from the network, whose threads wait for one
/// another at every convolution. The system's lowest priority where it can be had (Linux), below normal elsewhere.
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

    /// <summary>Runs a piece of work when a thread is free, in the order given.</summary>
    public Task<T> Run<T>(Func<T> work)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception exception)
            {
                done.SetException(exception); // the consumer meets it where it takes the result
            }
        });
        return done.Task;
    }

    /// <summary>Lets the threads finish what was given to them, and ends them.</summary>
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
            LowerPriority();
        }

        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }

    // On Linux a thread has a priority of its own, and 0 stands for the calling one; .NET leaves it alone.
    private static void LowerPriority()
    {
        try
        {
            _ = SetPriority(0, 0, LowestNiceValue);
        }
        catch (EntryPointNotFoundException)
        {
            // Another libc: the threads work as others do.
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int value);
}
