using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Loop;

public sealed class TimeBudgetTests
{
    [Fact]
    public void Steps_fill_the_time_that_evaluations_and_the_report_leave()
    {
        TimeBudget timeBudget = Create(minutes: 10, stepSeconds: 0.5, steps: 10);

        int steps = timeBudget.EstimateTotalSteps(nextStep: 10, totalSteps: 100000, elapsed: 5, measuredEvalSeconds: 10)!.Value;

        // 600 s, less 3 % margin, 5 s elapsed, the last evaluation, 4 s of report: 563 s. The evaluations in between take 10 s each of it.
        Assert.InRange(steps, 10 + (int)((563 - 80) / 0.5), 10 + (int)(563 / 0.5));
    }

    [Fact]
    public void More_time_than_the_recipe_needs_is_not_used()
    {
        Recipe recipe = new() { Minutes = 60, BatchSize = 8, MaxSamples = 1001 };
        TimeBudget timeBudget = new(recipe, 100);
        for (int i = 0; i < 10; i++)
        {
            timeBudget = timeBudget.AddStep(0.5, 0);
        }

        // 125 batches of 8 are 1000 samples, so that the last of 1001 needs one more.
        Assert.Equal(126, timeBudget.EstimateTotalSteps(nextStep: 10, totalSteps: 100, elapsed: 5, measuredEvalSeconds: 1));
        Assert.Equal(126, timeBudget.MaxSteps);
    }

    [Fact]
    public void A_machine_that_slows_down_gets_fewer_steps()
    {
        TimeBudget fast = Create(10, 0.5, 40);
        TimeBudget slow = Create(10, 0.5, 40);
        for (int i = 0; i < 40; i++)
        {
            slow = slow.AddStep(1, 0);
        }

        Assert.True(slow.EstimateTotalSteps(100, 5000, 60, 5) < fast.EstimateTotalSteps(100, 5000, 60, 5));
    }

    [Fact]
    public void Small_changes_do_not_rescale_again()
    {
        TimeBudget timeBudget = Create(10, 0.5, 10);
        int total = timeBudget.EstimateTotalSteps(10, 100000, 5, 1)!.Value;
        timeBudget = timeBudget with { WasRescaled = true };

        Assert.Null(timeBudget.EstimateTotalSteps(11, total, 5.5, 1));
        Assert.NotNull(timeBudget.EstimateTotalSteps(11, total, 120, 1));
    }

    [Fact]
    public void No_time_left_ends_the_run_at_once()
    {
        Assert.Equal(50, Create(1, 0.5, 10).EstimateTotalSteps(50, 1000, elapsed: 70, measuredEvalSeconds: 1));
    }

    [Fact]
    public void Without_a_limit_or_before_steps_were_measured_nothing_is_rescaled()
    {
        Assert.Null(Create(0, 0.5, 10).EstimateTotalSteps(10, 100, 1, 1));
        Assert.Null(Create(10, 0.5, 1).EstimateTotalSteps(1, 100, 1, 1));
    }

    [Fact]
    public void Evaluations_take_a_tenth_of_the_time_at_most_and_leave_out_the_end()
    {
        TimeBudget timeBudget = Create(10, 0.5, 10);

        Assert.True(timeBudget.IsEvaluationDue(elapsed: 200, sinceLast: 80, measuredEvalSeconds: 1)); // eight of them in 600 s
        Assert.False(timeBudget.IsEvaluationDue(elapsed: 200, sinceLast: 60, measuredEvalSeconds: 1));
        Assert.False(timeBudget.IsEvaluationDue(elapsed: 300, sinceLast: 200, measuredEvalSeconds: 30)); // two of them fill a tenth
        Assert.True(timeBudget.IsEvaluationDue(elapsed: 300, sinceLast: 280, measuredEvalSeconds: 30));
        Assert.False(timeBudget.IsEvaluationDue(elapsed: 590, sinceLast: 80, measuredEvalSeconds: 1)); // the final one follows in 10 s
    }

    private static TimeBudget Create(double minutes, double stepSeconds, int steps)
    {
        TimeBudget timeBudget = new(new Recipe { Minutes = minutes }, evalImages: 100);
        for (int i = 0; i < steps; i++)
        {
            timeBudget = timeBudget.AddStep(stepSeconds, 0);
        }

        return timeBudget;
    }
}
