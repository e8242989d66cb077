namespace FocalSharp.Training.Runs;

/// <summary>Watches the process's resident memory from a thread of its own and remembers the most.</summary>
internal sealed class PeakMemoryMonitor : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private readonly Thread _thread;
    private volatile bool _stopped;
    private long _peakBytes;

    private PeakMemoryMonitor()
    {
        _thread = new Thread(Poll) { IsBackground = true, Name = nameof(PeakMemoryMonitor) };
        _thread.Start();
    }

    /// <summary>Starts watching.</summary>
    public static PeakMemoryMonitor Start() => new();

    /// <summary>Ends watching and tells the most that was seen, in bytes.</summary>
    public long Stop()
    {
        _stopped = true;
        _thread.Join();
        return Math.Max(_peakBytes, Environment.WorkingSet);
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private void Poll()
    {
        while (!_stopped)
        {
            _peakBytes = Math.Max(_peakBytes, Environment.WorkingSet);
            Thread.Sleep(Interval);
        }
    }
}
