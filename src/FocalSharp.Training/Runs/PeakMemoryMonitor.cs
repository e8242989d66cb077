namespace FocalSharp.Training.Runs;

/// <summary>Samples the process's resident memory on a separate thread and records the peak.</summary>
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

    /// <summary>Starts sampling.</summary>
    public static PeakMemoryMonitor Start() => new();

    /// <summary>Stops sampling and returns the peak in bytes.</summary>
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
