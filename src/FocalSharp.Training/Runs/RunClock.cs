namespace FocalSharp.Training.Runs;

/// <summary>Seconds that a run has taken, over all its lives.</summary>
/// <param name="time">The clock.</param>
internal sealed class RunClock(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Seconds that earlier lives of the run took.</summary>
    public double PreviousSeconds { get; set; }

    /// <summary>Seconds so far.</summary>
    public double ElapsedSeconds => PreviousSeconds + time.GetElapsedTime(_started).TotalSeconds;
}
