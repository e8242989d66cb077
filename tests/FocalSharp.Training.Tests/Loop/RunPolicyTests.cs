using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Loop;

public sealed class RunPolicyTests
{
    private static readonly Recipe Recipe = new() { Epochs = 12, EvaluateEvery = 3, Checkpoint = new CheckpointOptions { Minutes = 0, Steps = 0 } };

    [Fact]
    public void Every_nth_epoch_is_evaluated_but_the_last()
    {
        Assert.Equal([3, 6, 9], EvaluatedEpochs(Recipe));
        Assert.Equal(Enumerable.Range(1, 11), EvaluatedEpochs(Recipe with { EvaluateEvery = 1 }));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(48)]
    [InlineData(100)]
    public void Without_an_interval_there_are_at_most_eight_evaluations_and_the_final_one_is_among_them(int epochs)
    {
        int count = EvaluatedEpochs(Recipe with { Epochs = epochs, EvaluateEvery = 0 }).Count + 1;

        Assert.InRange(count, RunPolicy.PlannedEvaluations / 2, RunPolicy.PlannedEvaluations);
    }

    [Theory]
    [InlineData(12, 10, 8)]
    [InlineData(12, 40, 4)] // 12 epochs of 160 images: a tenth are 192 images
    [InlineData(12, 500, 1)]
    [InlineData(1, 10, 1)]
    public void Without_an_interval_evaluations_process_a_tenth_of_the_training_images_at_most(int epochs, int evalImages, int expected)
    {
        int count = EvaluatedEpochs(Recipe with { Epochs = epochs, EvaluateEvery = 0, BatchSize = 16 }, evalImages).Count + 1;

        Assert.InRange(count, (expected + 1) / 2, expected);
    }

    [Fact]
    public void Short_epochs_share_a_checkpoint()
    {
        RunPolicy policy = new(new Recipe { Epochs = 12 });
        RunPolicyState state = State(Recipe) with { CheckpointedAt = 100 };

        Assert.False(policy.ShouldSaveEpoch(state, new RunPosition(10, 10, 120), 109));
        Assert.True(policy.ShouldSaveEpoch(state, new RunPosition(10, 10, 120), 110));
        Assert.True(policy.ShouldSaveEpoch(state, new RunPosition(120, 10, 120), 101)); // the last epoch
        Assert.True(new RunPolicy(new Recipe { Epochs = 12, Checkpoint = new CheckpointOptions { MinSeconds = 0 } }).ShouldSaveEpoch(state, new RunPosition(10, 10, 120), 101));
        Assert.True(new RunPolicy(new Recipe { Epochs = 12, Checkpoint = new CheckpointOptions { Steps = 5 } })
            .ShouldSaveEpoch(state with { StepsSinceCheckpoint = 5 }, new RunPosition(10, 10, 120), 101));
    }

    [Fact]
    public void Checkpoints_within_an_epoch_follow_steps_and_minutes()
    {
        Assert.Equal([2, 4, 6], CheckpointSteps(Recipe with { Checkpoint = new CheckpointOptions { Minutes = 0, Steps = 2 } }, stepSeconds: 1));
        Assert.Equal([3, 6], CheckpointSteps(Recipe with { Checkpoint = new CheckpointOptions { Minutes = 1 } }, stepSeconds: 20));
        Assert.Empty(CheckpointSteps(Recipe, stepSeconds: 1000));
    }

    [Fact]
    public void A_checkpoint_precedes_an_evaluation()
    {
        RunPolicy policy = new(Recipe with { EvaluateEvery = 1 });

        Assert.True(policy.AfterStep(State(Recipe), new RunPosition(10, 10, 120), 1, 10).Decision.SaveCheckpoint);
        Assert.False(policy.AfterStep(State(Recipe), new RunPosition(120, 10, 120), 1, 10).Decision.SaveCheckpoint); // the end of the last epoch saves one
    }

    [Fact]
    public void The_best_weights_are_those_of_the_highest_AP()
    {
        RunPolicy policy = new(Recipe);
        RunPolicyState state = State(Recipe);
        List<bool> best = [];
        foreach (double ap in (double[])[0.1, 0.3, 0.2, 0.3, 0.4])
        {
            (state, EvaluationDecision decision) = policy.AfterEvaluation(state, ap, EvaluationKind.EndOfEpoch, 0, 1);
            best.Add(decision.IsBest);
        }

        Assert.Equal([true, true, false, false, true], best);
        Assert.Equal(0.4, state.BestAP);
        Assert.Equal(0, state.EvaluationsSinceBest);
    }

    [Fact]
    public void The_run_stops_after_too_many_evaluations_without_a_better_AP()
    {
        RunPolicy policy = new(Recipe with { Patience = 2 });
        RunPolicyState state = State(Recipe);
        List<string?> reasons = [];
        foreach (double ap in (double[])[0.3, 0.2, 0.4, 0.4, 0.1])
        {
            (state, EvaluationDecision decision) = policy.AfterEvaluation(state, ap, EvaluationKind.EndOfEpoch, 0, 1);
            reasons.Add(decision.StopReason);
        }

        Assert.All(reasons.Take(4), Assert.Null);
        Assert.Equal("no better AP in 2 evaluations (patience 2)", reasons[4]);
    }

    [Fact]
    public void The_evaluation_of_an_interrupted_run_changes_nothing_that_follows()
    {
        RunPolicy policy = new(Recipe with { Patience = 1 });
        RunPolicyState state = State(Recipe) with { BestAP = 0.1, EvaluationsSinceBest = 0 };

        (RunPolicyState after, EvaluationDecision decision) = policy.AfterEvaluation(state, 0.9, EvaluationKind.Interrupted, 2, 5);

        Assert.False(decision.IsBest);
        Assert.Null(decision.StopReason);
        Assert.Equal((0.1, 0, 3.0), (after.BestAP, after.EvaluationsSinceBest, after.EvaluationSeconds));
    }

    [Fact]
    public void The_AP_before_training_is_remembered_and_counts_as_the_best()
    {
        (RunPolicyState state, EvaluationDecision decision) = new RunPolicy(Recipe).AfterEvaluation(State(Recipe), 0.5, EvaluationKind.Pretrained, 0, 1);

        Assert.True(decision.IsBest);
        Assert.Equal((0.5, 0.5, 0), (state.PretrainedAP, state.BestAP, state.EvaluationsSinceBest));
    }

    [Fact]
    public void A_time_budget_rescales_the_run()
    {
        Recipe recipe = Recipe with { Minutes = 1 };
        RunPolicy policy = new(recipe);
        RunPolicyState state = State(recipe);
        int? rescaled = null;
        int total = 120;
        for (int step = 1; step <= 10; step++)
        {
            (state, StepDecision decision) = policy.AfterStep(state, new RunPosition(step, 10, total), 2, 2 * step);
            rescaled = decision.RescaledSteps ?? rescaled;
            total = rescaled ?? total;
        }

        Assert.InRange(rescaled!.Value, 10, 30); // 60 s of steps of 2 s, less the evaluations
        Assert.True(state.TimeBudget.WasRescaled);
    }

    [Theory]
    [InlineData(FailureAction.Stop, 1, true)]
    [InlineData(FailureAction.Skip, 2, false)]
    [InlineData(FailureAction.Skip, 3, true)]
    public void Bad_steps_stop_the_run_if_asked_to_or_after_too_many(FailureAction action, int consecutive, bool stops)
    {
        RunPolicy policy = new(Recipe with { LossGuard = new LossGuardOptions { OnBadStep = action, MaxConsecutive = 3, MaxSavedBatches = 2 } });

        Assert.Equal(stops, policy.AfterBadStep(badSteps: 0, consecutive).Stop);
        Assert.True(policy.AfterBadStep(badSteps: 1, consecutive).SaveBatch);
        Assert.False(policy.AfterBadStep(badSteps: 2, consecutive).SaveBatch);
    }

    private static RunPolicyState State(Recipe recipe, int evalImages = 10) => new() { TimeBudget = new TimeBudget(recipe, evalImages) };

    private static List<int> EvaluatedEpochs(Recipe recipe, int evalImages = 10)
    {
        RunPolicy policy = new(recipe);
        return [.. Enumerable.Range(1, recipe.Epochs).Where(epoch => policy.ShouldEvaluate(State(recipe, evalImages), new RunPosition(epoch * 10, 10, recipe.Epochs * 10), 0))];
    }

    private static List<int> CheckpointSteps(Recipe recipe, double stepSeconds)
    {
        RunPolicy policy = new(recipe);
        RunPolicyState state = State(recipe);
        List<int> saved = [];
        for (int step = 1; step <= 7; step++)
        {
            (state, StepDecision decision) = policy.AfterStep(state, new RunPosition(step, 10, 120), stepSeconds, step * stepSeconds);
            if (decision.SaveCheckpoint)
            {
                saved.Add(step);
                state = RunPolicy.AfterCheckpoint(state, step * stepSeconds);
            }
        }

        return saved;
    }
}
