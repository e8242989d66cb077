using System.Diagnostics;

namespace FocalSharp.Training.Trainers.Stages;

/// <summary>
/// Adds up a training's time by stage, lap by lap on one thread: a lap gives the time since the one before to the stage that just
/// ended. It reads the processor's counter and nothing else, some twenty nanoseconds a lap.
/// </summary>
public sealed class StageClock
{
    private readonly long[] _ticks = new long[StageTimes.Stages.Count];
    private long _last = Stopwatch.GetTimestamp();
    private long _allocated;
    private long _allocatedBefore = -1;
    private int _steps;
    private long _images;
    private StageTimes _before = new();

    /// <summary>What was measured so far, what was taken over included.</summary>
    public StageTimes Times => _before + new StageTimes
    {
        Seconds = [.. _ticks.Select(ticks => (double)ticks / Stopwatch.Frequency)],
        Steps = _steps,
        Images = _images,
        AllocatedBytes = _allocated,
    };

    /// <summary>Starts anew from now: the time before belongs to no stage.</summary>
    public void Start() => _last = Stopwatch.GetTimestamp();

    /// <summary>Ends a stage now.</summary>
    public void Lap(TrainingStage stage)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)stage] += now - _last;
        _last = now;
    }

    /// <summary>Ends a stage now, within which another had taken a known time.</summary>
    /// <param name="stage">The outer one.</param>
    /// <param name="inner">The one within it.</param>
    /// <param name="time">How long that took.</param>
    public void Lap(TrainingStage stage, TrainingStage inner, TimeSpan time)
    {
        long ticks = (long)(time.TotalSeconds * Stopwatch.Frequency);
        _ticks[(int)inner] += ticks;
        _last += ticks;
        Lap(stage);
    }

    /// <summary>Counts a step that was taken, and what the process allocated in managed memory since the one before.</summary>
    /// <param name="images">Images of the step.</param>
    public void CountStep(int images)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        _allocated += _allocatedBefore < 0 ? 0 : allocated - _allocatedBefore;
        _allocatedBefore = allocated;
        _steps++;
        _images += images;
    }

    /// <summary>Goes on from times measured before.</summary>
    public void TakeOver(StageTimes before) => _before = before;
}
