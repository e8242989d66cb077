using System.Diagnostics;
using FocalSharp.Reporting;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Adds up a training's time by stage, lap by lap on one thread: a lap gives the time since the one before to the stage that just
/// ended. It reads the processor's counter and nothing else, some twenty nanoseconds a lap.
/// </summary>
public sealed class StepProfiler
{
    private readonly long[] _ticks = new long[PhaseTimings.Phases.Count];
    private long _lastTimestamp = Stopwatch.GetTimestamp();
    private long _allocatedBytes;
    private long _allocatedBytesBefore = -1;
    private int _steps;
    private long _images;
    private PhaseTimings _previous = new();

    /// <summary>What was measured so far, what was taken over included.</summary>
    public PhaseTimings Timings => _previous + new PhaseTimings
    {
        Seconds = [.. _ticks.Select(ticks => (double)ticks / Stopwatch.Frequency)],
        Steps = _steps,
        Images = _images,
        AllocatedBytes = _allocatedBytes,
    };

    /// <summary>Starts anew from now: the time before belongs to no stage.</summary>
    public void Start() => _lastTimestamp = Stopwatch.GetTimestamp();

    /// <summary>Ends a stage now.</summary>
    public void Lap(StepPhase stage)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)stage] += now - _lastTimestamp;
        _lastTimestamp = now;
    }

    /// <summary>Ends a stage now, within which another had taken a known time.</summary>
    /// <param name="stage">The outer one.</param>
    /// <param name="inner">The one within it.</param>
    /// <param name="time">How long that took.</param>
    public void Lap(StepPhase stage, StepPhase inner, TimeSpan time)
    {
        long ticks = (long)(time.TotalSeconds * Stopwatch.Frequency);
        _ticks[(int)inner] += ticks;
        _lastTimestamp += ticks;
        Lap(stage);
    }

    /// <summary>Counts a step that was taken, and what the process allocated in managed memory since the one before.</summary>
    /// <param name="images">Images of the step.</param>
    public void CountStep(int images)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        _allocatedBytes += _allocatedBytesBefore < 0 ? 0 : allocated - _allocatedBytesBefore;
        _allocatedBytesBefore = allocated;
        _steps++;
        _images += images;
    }

    /// <summary>Goes on from times measured before.</summary>
    public void RestoreFrom(PhaseTimings before) => _previous = before;
}
