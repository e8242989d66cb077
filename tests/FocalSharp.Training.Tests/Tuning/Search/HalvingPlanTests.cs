using FocalSharp.Training.Tuning.Search;

namespace FocalSharp.Training.Tests.Tuning.Search;

public sealed class HalvingPlanTests
{
    [Theory]
    [InlineData(0, 30)]
    [InlineData(1, 90)]
    [InlineData(2, 270)] // half of the run
    public void Each_rung_has_three_times_the_steps(int rung, int steps) => Assert.Equal(steps, HalvingPlan.GetSteps(540, rung));

    [Fact]
    public void A_trial_has_at_least_a_step() => Assert.Equal(1, HalvingPlan.GetSteps(2, 0));

    [Fact]
    public void The_best_third_is_promoted_without_failed_trials()
    {
        SearchTrial[] finished = [Trial(1, 0.2), Trial(2, -1), Trial(3, 0.5), Trial(4, 0.1), Trial(5, 0.4), Trial(6, 0.3)];

        Assert.Equal([3, 5], HalvingPlan.Promote(finished).Select(trial => trial.Number));
        Assert.Equal([1], HalvingPlan.Promote([Trial(1, 0.2), Trial(2, -1)]).Select(trial => trial.Number));
        Assert.Empty(HalvingPlan.Promote([Trial(1, -1)]));
    }

    private static SearchTrial Trial(int number, double ap) => new() { Number = number, Rung = 0, Steps = 1, Values = [], AP = ap, Seconds = 1 };
}
