using System.Text.Json;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Optimization;

public sealed class LearningRateScheduleTests
{
    private static readonly ScheduleOptions Cosine = new() { Kind = ScheduleKind.Cosine, WarmupSteps = 10, WarmupFactor = 0.1, FinalFactor = 0.02 };

    [Fact]
    [Trait(GoldenData.Trait, GoldenData.Golden)]
    public void Equals_the_official_schedules()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(GoldenData.Require("pipeline", "lr_schedule.json")));
        foreach (JsonProperty entry in file.RootElement.GetProperty("schedules").EnumerateObject())
        {
            JsonElement golden = entry.Value;
            ScheduleOptions options = new()
            {
                WarmupSteps = golden.GetProperty("warmup_iters").GetInt32(),
                WarmupFactor = golden.GetProperty("warmup_start_factor").GetDouble(),
                Milestones = [.. golden.GetProperty("milestones").EnumerateArray().Select(m => m.GetInt32())],
                Gamma = golden.GetProperty("gamma").GetDouble(),
            };
            LearningRateSchedule schedule = new(
                options,
                golden.GetProperty("base_lr").GetDouble(),
                golden.GetProperty("iters_per_epoch").GetInt32(),
                golden.GetProperty("epochs").GetInt32(),
                limitWarmup: false);

            double worst = 0;
            foreach (JsonProperty rate in golden.GetProperty("lr_at_iter").EnumerateObject())
            {
                double actual = schedule.GetLearningRate(int.Parse(rate.Name));
                worst = Math.Max(worst, GoldenReport.Relative(actual, rate.Value.GetDouble(), floor: 1e-12));
            }

            GoldenReport.Record("pipeline/lr_schedule", entry.Name, worst, 1e-12);
        }
    }

    [Fact]
    public void Cosine_starts_full_after_warmup_and_ends_at_its_final_fraction()
    {
        LearningRateSchedule schedule = new(Cosine, rate: 1, stepsPerEpoch: 10, epochs: 10);

        Assert.Equal(0.1, schedule.GetLearningRate(0), 12);
        Assert.Equal(1, schedule.GetLearningRate(10), 12);
        Assert.Equal(0.51, schedule.GetLearningRate(55), 12); // half-way: the mean of 1 and 0.02
        Assert.Equal(0.02, schedule.GetLearningRate(100), 12);
    }

    [Fact]
    public void Cosine_never_rises_after_warmup()
    {
        LearningRateSchedule schedule = new(Cosine, rate: 1, stepsPerEpoch: 10, epochs: 10);

        for (int step = 11; step < 100; step++)
        {
            Assert.True(schedule.GetLearningRate(step) < schedule.GetLearningRate(step - 1));
        }
    }

    [Fact]
    public void Warmup_takes_at_most_a_fifth_of_a_short_run()
    {
        LearningRateSchedule schedule = new(Cosine with { Kind = ScheduleKind.Constant, WarmupSteps = 500 }, rate: 1, stepsPerEpoch: 10, epochs: 10);

        Assert.True(schedule.GetLearningRate(18) < 1);
        Assert.Equal(1, schedule.GetLearningRate(19), 12);
    }

    [Fact]
    public void The_linear_rule_scales_the_rate_with_the_batch()
    {
        OptimizerOptions official = new();

        Assert.Equal(0.01, official.GetScaledLearningRate(16), 12);
        Assert.Equal(0.005, official.GetScaledLearningRate(8), 12);
        Assert.Equal(0.01, (official with { BaseBatchSize = 0 }).GetScaledLearningRate(8), 12);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(5000)]
    public void A_fitted_course_goes_on_from_where_it_was_and_ends_where_it_would_have(int total)
    {
        ScheduleOptions options = new() { Kind = ScheduleKind.Cosine, WarmupSteps = 0, FinalFactor = 0.02 };
        LearningRateSchedule planned = new(options, 1, stepsPerEpoch: 100, epochs: 10);
        LearningRateSchedule fitted = new(options, 1, 100, 10);

        fitted.RescaleTo(100, total);

        Assert.Equal(planned.GetLearningRate(100), fitted.GetLearningRate(100), 1e-9);
        Assert.Equal(0.02, fitted.GetLearningRate(total), 1e-9);
        Assert.Equal(total, fitted.TotalSteps);
        Assert.Equal(planned.GetLearningRate(550), fitted.GetLearningRate(100 + ((total - 100) / 2)), 1e-9); // half of what was left
    }

    [Fact]
    public void Milestones_of_a_fitted_course_keep_their_share()
    {
        LearningRateSchedule fitted = new(new ScheduleOptions { Milestones = [8, 11], WarmupSteps = 0 }, 1, 100, 12);

        fitted.RescaleTo(0, 600); // half as long

        Assert.Equal([1, 0.1, 0.1, 0.01], new[] { 399, 401, 549, 551 }.Select(step => Math.Round(fitted.GetLearningRate(step), 6)));
    }

    [Fact]
    public void A_fit_taken_over_is_the_same_schedule()
    {
        ScheduleOptions options = new() { Kind = ScheduleKind.Cosine };
        LearningRateSchedule first = new(options, 0.01, 50, 20);
        first.RescaleTo(30, 700);
        first.RescaleTo(200, 650);
        LearningRateSchedule second = new(options, 0.01, 50, 20);

        second.ApplyRescale(first.Rescale);

        Assert.Equal(Enumerable.Range(200, 450).Select(first.GetLearningRate), Enumerable.Range(200, 450).Select(second.GetLearningRate));
    }
}
