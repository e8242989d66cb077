using System.Diagnostics;
using FocalSharp.Reporting;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Measures a training's time by phase on one thread: each lap assigns the time since the lap before to the phase that just ended.
/// A lap takes about twenty nanoseconds.
/// </summary>
internal sealed class StepProfiler
{
    private readonly long[] _ticks = new long[PhaseTimings.Phases.Count];
    private long _lastTimestamp = Stopwatch.GetTimestamp();
    private long _allocatedBytes;
    private long _allocatedBytesBefore = -1;
    private int _steps;
    private long _images;
    private PhaseTimings _previous = new();

    /// <summary>Gets the times so far, including those of <see cref="RestoreFrom"/>.</summary>
    public PhaseTimings Timings => _previous + new PhaseTimings
    {
        Seconds = [.. _ticks.Select(ticks => (double)ticks / Stopwatch.Frequency)],
        Steps = _steps,
        Images = _images,
        AllocatedBytes = _allocatedBytes,
    };

    /// <summary>Starts measuring now; the time before belongs to no phase.</summary>
    public void Start() => _lastTimestamp = Stopwatch.GetTimestamp();

    /// <summary>Ends a phase now.</summary>
    public void Lap(StepPhase phase)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)phase] += now - _lastTimestamp;
        _lastTimestamp = now;
    }

    /// <summary>Ends a phase now that contained another phase of known duration.</summary>
    /// <param name="phase">The outer phase.</param>
    /// <param name="inner">The inner phase.</param>
    /// <param name="time">The duration of the inner phase.</param>
    public void Lap(StepPhase phase, StepPhase inner, TimeSpan time)
    {
        long ticks = (long)(time.TotalSeconds * Stopwatch.Frequency);
        _ticks[(int)inner] += ticks;
        _lastTimestamp += ticks;
        Lap(phase);
    }

    /// <summary>Counts a step, and the managed memory that the process allocated since the step before.</summary>
    /// <param name="images">Images of the step.</param>
    public void CountStep(int images)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        _allocatedBytes += _allocatedBytesBefore < 0 ? 0 : allocated - _allocatedBytesBefore;
        _allocatedBytesBefore = allocated;
        _steps++;
        _images += images;
    }

    /// <summary>Continues from times measured before.</summary>
    public void RestoreFrom(PhaseTimings before) => _previous = before;
}
