using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Tests.Runs;

public sealed class TimeKeeperTests
{
    [Fact]
    public void Steps_fill_the_time_that_judging_and_the_report_leave()
    {
        TimeKeeper keeper = Keeper(minutes: 10, stepSeconds: 0.5, steps: 10);

        int steps = keeper.Fit(nextStep: 10, totalSteps: 100000, elapsed: 5, measuredJudge: 10)!.Value;

        // 600 s, less 3 % margin, 5 s gone, the last judgement, 4 s of report: 563 s, of which the judgements in between take 10 s each.
        Assert.InRange(steps, 10 + (int)((563 - 80) / 0.5), 10 + (int)(563 / 0.5));
    }

    [Fact]
    public void A_machine_that_slows_down_gets_fewer_steps()
    {
        TimeKeeper fast = Keeper(10, 0.5, 40);
        TimeKeeper slow = Keeper(10, 0.5, 40);
        for (int i = 0; i < 40; i++)
        {
            slow.Stepped(1, 0);
        }

        Assert.True(slow.Fit(100, 5000, 60, 5) < fast.Fit(100, 5000, 60, 5));
    }

    [Fact]
    public void Small_changes_leave_the_fit_alone()
    {
        TimeKeeper keeper = Keeper(10, 0.5, 10);
        int total = keeper.Fit(10, 100000, 5, 1)!.Value;

        Assert.Null(keeper.Fit(11, total, 5.5, 1));
        Assert.NotNull(keeper.Fit(11, total, 120, 1));
    }

    [Fact]
    public void No_time_left_ends_the_run_at_once()
    {
        Assert.Equal(50, Keeper(1, 0.5, 10).Fit(50, 1000, elapsed: 70, measuredJudge: 1));
    }

    [Fact]
    public void Without_a_bound_or_before_steps_were_measured_nothing_is_fitted()
    {
        Assert.Null(Keeper(0, 0.5, 10).Fit(10, 100, 1, 1));
        Assert.Null(Keeper(10, 0.5, 1).Fit(1, 100, 1, 1));
    }

    [Fact]
    public void Judgements_take_a_fifth_of_the_time_at_most()
    {
        TimeKeeper keeper = Keeper(10, 0.5, 10);

        Assert.True(keeper.JudgementIsDue(sinceLast: 80, measuredJudge: 1)); // eight of them in 600 s
        Assert.False(keeper.JudgementIsDue(sinceLast: 60, measuredJudge: 1));
        Assert.False(keeper.JudgementIsDue(sinceLast: 200, measuredJudge: 60)); // two of them fill a fifth
    }

    private static TimeKeeper Keeper(double minutes, double stepSeconds, int steps)
    {
        TimeKeeper keeper = new(new Recipe { Minutes = minutes }, judged: 100);
        for (int i = 0; i < steps; i++)
        {
            keeper.Stepped(stepSeconds, 0);
        }

        return keeper;
    }
}
