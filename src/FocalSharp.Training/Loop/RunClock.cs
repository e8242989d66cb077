namespace FocalSharp.Training.Loop;

/// <summary>Measures the seconds of a run over all its processes.</summary>
/// <param name="time">The time provider.</param>
internal sealed class RunClock(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Gets or sets the seconds that the run took before it was resumed.</summary>
    public double PreviousSeconds { get; set; }

    /// <summary>Gets the seconds so far.</summary>
    public double ElapsedSeconds => PreviousSeconds + time.GetElapsedTime(_started).TotalSeconds;
}
