using FocalSharp.Reporting;
using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Tests.Loop;

public sealed class StepProfilerTests
{
    [Fact]
    public void Every_moment_from_the_start_belongs_to_one_stage()
    {
        StepProfiler clock = new();
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        clock.Start();
        Thread.Sleep(5);
        clock.Lap(StepPhase.Forward);
        Thread.Sleep(5);
        clock.Lap(StepPhase.Backward);
        double all = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;

        Assert.InRange(clock.Timings[StepPhase.Forward], 0.004, all);
        Assert.InRange(clock.Timings[StepPhase.Backward], 0.004, all);
        Assert.InRange(clock.Timings.TotalSeconds, 0.008, all);
    }

    [Fact]
    public void A_stage_within_another_is_taken_out_of_it()
    {
        StepProfiler clock = new();
        clock.Start();
        Thread.Sleep(6);
        clock.Lap(StepPhase.Losses, StepPhase.Assignment, TimeSpan.FromMilliseconds(2));

        Assert.Equal(0.002, clock.Timings[StepPhase.Assignment], 1e-6);
        Assert.True(clock.Timings[StepPhase.Losses] > 0.003);
    }

    [Fact]
    public void What_was_measured_before_is_added()
    {
        PhaseTimings before = new() { Seconds = [1, 2, 3], Steps = 4, Images = 32, AllocatedBytes = 100 };
        StepProfiler clock = new();
        clock.RestoreFrom(before);
        clock.CountStep(8);

        Assert.Equal(5, clock.Timings.Steps);
        Assert.Equal(40, clock.Timings.Images);
        Assert.Equal(3, clock.Timings[StepPhase.Forward]);
        Assert.Equal(0, clock.Timings[StepPhase.Evaluation]);
    }

    [Fact]
    public void Shares_are_of_the_steps_alone()
    {
        double[] seconds = new double[PhaseTimings.Phases.Count];
        seconds[(int)StepPhase.LoaderWait] = 1;
        seconds[(int)StepPhase.Forward] = 3;
        seconds[(int)StepPhase.Backward] = 5;
        seconds[(int)StepPhase.Optimizer] = 1;
        seconds[(int)StepPhase.Evaluation] = 20;
        seconds[(int)StepPhase.Checkpoints] = 10;
        PhaseTimings times = new() { Seconds = seconds };

        Assert.Equal(10, times.StepSeconds);
        Assert.Equal(0.1, times.LoaderFraction, 12);
        Assert.Equal(0.8, times.NetworkFraction, 12);
        Assert.Equal(0.25, times.OverheadFraction, 12);
        Assert.Equal("loader_wait", PhaseTimings.GetName(StepPhase.LoaderWait));
    }
}
