using FocalSharp.Training.Trainers.Stages;

namespace FocalSharp.Training.Tests.Trainers;

public sealed class StageClockTests
{
    [Fact]
    public void Every_moment_from_the_start_belongs_to_one_stage()
    {
        StageClock clock = new();
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        clock.Start();
        Thread.Sleep(5);
        clock.Lap(TrainingStage.Forward);
        Thread.Sleep(5);
        clock.Lap(TrainingStage.Backward);
        double all = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;

        Assert.InRange(clock.Times[TrainingStage.Forward], 0.004, all);
        Assert.InRange(clock.Times[TrainingStage.Backward], 0.004, all);
        Assert.InRange(clock.Times.Total, 0.008, all);
    }

    [Fact]
    public void A_stage_within_another_is_taken_out_of_it()
    {
        StageClock clock = new();
        clock.Start();
        Thread.Sleep(6);
        clock.Lap(TrainingStage.Losses, TrainingStage.Assignment, TimeSpan.FromMilliseconds(2));

        Assert.Equal(0.002, clock.Times[TrainingStage.Assignment], 1e-6);
        Assert.True(clock.Times[TrainingStage.Losses] > 0.003);
    }

    [Fact]
    public void What_was_measured_before_is_added()
    {
        StageTimes before = new() { Seconds = [1, 2, 3], Steps = 4, Images = 32, AllocatedBytes = 100 };
        StageClock clock = new();
        clock.TakeOver(before);
        clock.CountStep(8);

        Assert.Equal(5, clock.Times.Steps);
        Assert.Equal(40, clock.Times.Images);
        Assert.Equal(3, clock.Times[TrainingStage.Forward]);
        Assert.Equal(0, clock.Times[TrainingStage.Evaluation]);
    }

    [Fact]
    public void Shares_are_of_the_steps_alone()
    {
        double[] seconds = new double[StageTimes.Stages.Count];
        seconds[(int)TrainingStage.LoaderWait] = 1;
        seconds[(int)TrainingStage.Forward] = 3;
        seconds[(int)TrainingStage.Backward] = 5;
        seconds[(int)TrainingStage.Optimizer] = 1;
        seconds[(int)TrainingStage.Evaluation] = 20;
        seconds[(int)TrainingStage.Checkpoints] = 10;
        StageTimes times = new() { Seconds = seconds };

        Assert.Equal(10, times.StepSeconds);
        Assert.Equal(0.1, times.LoaderShare, 12);
        Assert.Equal(0.8, times.NetworkShare, 12);
        Assert.Equal(0.25, times.Overhead, 12);
        Assert.Equal("loader_wait", StageTimes.NameOf(TrainingStage.LoaderWait));
    }
}
