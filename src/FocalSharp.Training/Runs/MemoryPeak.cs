namespace FocalSharp.Training.Runs;

/// <summary>Watches the process's resident memory from a thread of its own and remembers the most.</summary>
internal sealed class MemoryPeak : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private readonly Thread _thread;
    private volatile bool _ended;
    private long _bytes;

    private MemoryPeak()
    {
        _thread = new Thread(Look) { IsBackground = true, Name = nameof(MemoryPeak) };
        _thread.Start();
    }

    /// <summary>Starts watching.</summary>
    public static MemoryPeak Watch() => new();

    /// <summary>Ends watching and tells the most that was seen, in bytes.</summary>
    public long End()
    {
        _ended = true;
        _thread.Join();
        return Math.Max(_bytes, Environment.WorkingSet);
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private void Look()
    {
        while (!_ended)
        {
            _bytes = Math.Max(_bytes, Environment.WorkingSet);
            Thread.Sleep(Interval);
        }
    }
}
