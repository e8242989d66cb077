using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Decides what a run does next: when to evaluate, when to save a checkpoint, how many steps fit into a time budget, which weights are the
/// best, and when to stop. Pure: every method maps a state and measurements to a decision and the next state; nothing is read or written.
/// </summary>
/// <param name="recipe">The recipe.</param>
internal sealed class RunPolicy(Recipe recipe)
{
    /// <summary>The number of evaluations that a run has at most if <see cref="Recipe.EvaluateEvery"/> is 0.</summary>
    public const int PlannedEvaluations = 8;

    /// <summary>The fraction of such a run that its evaluations take at most.</summary>
    public const double MaxEvaluationFraction = 0.1;

    /// <summary>Returns what to do after a step.</summary>
    /// <param name="state">The state before the step.</param>
    /// <param name="position">The position in the run after the step.</param>
    /// <param name="stepSeconds">Seconds of the step.</param>
    /// <param name="elapsed">Seconds of the run so far.</param>
    public (RunPolicyState State, StepDecision Decision) AfterStep(RunPolicyState state, RunPosition position, double stepSeconds, double elapsed)
    {
        int? rescaledSteps = null;
        if (state.TimeBudget.HasLimit)
        {
            TimeBudget budget = state.TimeBudget.AddStep(stepSeconds, elapsed - state.SteppedAt - stepSeconds);
            rescaledSteps = budget.EstimateTotalSteps(position.NextStep, position.TotalSteps, elapsed, state.EvaluationSeconds);
            state = state with { TimeBudget = budget with { WasRescaled = budget.WasRescaled || rescaledSteps is not null }, SteppedAt = elapsed };
            position = position with { TotalSteps = rescaledSteps is { } steps ? Math.Max(steps, position.NextStep) : position.TotalSteps };
        }

        state = state with { StepsSinceCheckpoint = state.StepsSinceCheckpoint + 1 };

        // The end of an epoch may save one. An evaluation may take long or fail, so that one comes before it.
        bool save = position.IsEndOfEpoch ? ShouldEvaluate(state, position, elapsed) : IsCheckpointDue(state, elapsed);
        return (state, new StepDecision(rescaledSteps, save));
    }

    /// <summary>Returns whether to save the weights and a checkpoint at the end of an epoch. The last epoch is always saved.</summary>
    /// <param name="state">The state.</param>
    /// <param name="position">The position after the epoch's last step.</param>
    /// <param name="elapsed">Seconds of the run so far.</param>
    public bool ShouldSaveEpoch(RunPolicyState state, RunPosition position, double elapsed) =>
        position.EpochsAfterThisStep >= position.TotalEpochs
        || elapsed - state.CheckpointedAt >= recipe.Checkpoint.MinSeconds
        || IsCheckpointDue(state, elapsed);

    private bool IsCheckpointDue(RunPolicyState state, double elapsed) =>
        (recipe.Checkpoint.Steps > 0 && state.StepsSinceCheckpoint >= recipe.Checkpoint.Steps)
        || (recipe.Checkpoint.Minutes > 0 && elapsed - state.CheckpointedAt >= 60 * recipe.Checkpoint.Minutes);

    /// <summary>
    /// Returns whether to evaluate at the end of an epoch. The last epoch is not evaluated here: the final evaluation follows it.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="position">The position after the epoch's last step.</param>
    /// <param name="elapsed">Seconds of the run so far.</param>
    public bool ShouldEvaluate(RunPolicyState state, RunPosition position, double elapsed)
    {
        int epochs = position.EpochsAfterThisStep;
        if (epochs >= position.TotalEpochs)
        {
            return false;
        }

        if (recipe.EvaluateEvery > 0)
        {
            return epochs % recipe.EvaluateEvery == 0;
        }

        return state.TimeBudget.HasLimit
            ? state.TimeBudget.IsEvaluationDue(elapsed, elapsed - state.EvaluatedAt, state.EvaluationSeconds)
            : epochs % (int)Math.Ceiling((double)recipe.Epochs / CountEvaluations(position, state.TimeBudget.EvaluationImages)) == 0;
    }

    /// <summary>Returns the number of evaluations, the last included: eight, or fewer so that they take about a tenth of the run.</summary>
    /// <remarks>An image costs about as much in an evaluation (float32 forward) as in training (bfloat16 forward and backward).</remarks>
    private int CountEvaluations(RunPosition position, int images) =>
        (int)Math.Clamp(MaxEvaluationFraction * position.TotalSteps * recipe.ImagesPerStep / Math.Max(1, images), 1, PlannedEvaluations);

    /// <summary>Returns whether the evaluated weights are the best so far, and why the run should stop, if it should.</summary>
    /// <param name="state">The state before the evaluation.</param>
    /// <param name="ap">The AP of the evaluation.</param>
    /// <param name="kind">When the evaluation took place.</param>
    /// <param name="startedAt">Seconds of the run when the evaluation started.</param>
    /// <param name="elapsed">Seconds of the run so far.</param>
    public (RunPolicyState State, EvaluationDecision Decision) AfterEvaluation(
        RunPolicyState state, double ap, EvaluationKind kind, double startedAt, double elapsed)
    {
        // An interrupted run may be resumed; its evaluation must not change what follows.
        bool best = ap > state.BestAP && kind != EvaluationKind.Interrupted;
        state = state with
        {
            BestAP = best ? ap : state.BestAP,
            PretrainedAP = kind == EvaluationKind.Pretrained ? ap : state.PretrainedAP,
            EvaluationsSinceBest = kind != EvaluationKind.EndOfEpoch ? state.EvaluationsSinceBest : best ? 0 : state.EvaluationsSinceBest + 1,
            EvaluationSeconds = elapsed - startedAt,
            EvaluatedAt = elapsed,
            SteppedAt = elapsed,
        };
        bool stop = kind == EvaluationKind.EndOfEpoch && recipe.Patience > 0 && state.EvaluationsSinceBest >= recipe.Patience;
        return (state, new EvaluationDecision(
            best, stop ? $"no better AP in {state.EvaluationsSinceBest} evaluations (patience {recipe.Patience})" : null));
    }

    /// <summary>Returns the state after a checkpoint was saved, or could not be saved.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="elapsed">Seconds of the run so far.</param>
    public static RunPolicyState AfterCheckpoint(RunPolicyState state, double elapsed) => state with { StepsSinceCheckpoint = 0, CheckpointedAt = elapsed };

    /// <summary>Returns whether to save the batch of a bad step, and whether to stop the run.</summary>
    /// <param name="badSteps">Bad steps of the run before this one.</param>
    /// <param name="consecutive">Bad steps in a row, this one included.</param>
    public BadStepDecision AfterBadStep(int badSteps, int consecutive) => new(
        SaveBatch: badSteps < recipe.LossGuard.MaxSavedBatches,
        Stop: recipe.LossGuard.OnBadStep == FailureAction.Stop || consecutive >= recipe.LossGuard.MaxConsecutive);
}

/// <summary>What the decisions of a run depend on, besides its position.</summary>
internal sealed record RunPolicyState
{
    /// <summary>Gets the best AP so far; −1 before the first evaluation.</summary>
    public double BestAP { get; init; } = -1;

    /// <summary>Gets the AP before training, or null if the initial weights were not evaluated.</summary>
    public double? PretrainedAP { get; init; }

    /// <summary>Gets the number of evaluations at the end of epochs since the best one.</summary>
    public int EvaluationsSinceBest { get; init; }

    /// <summary>Gets the seconds of the last evaluation; 0 before the first.</summary>
    public double EvaluationSeconds { get; init; }

    /// <summary>Gets the measurements for a run with a time limit.</summary>
    public required TimeBudget TimeBudget { get; init; }

    /// <summary>Gets the steps since the last checkpoint.</summary>
    public int StepsSinceCheckpoint { get; init; }

    /// <summary>Gets the run's seconds at the last checkpoint.</summary>
    public double CheckpointedAt { get; init; }

    /// <summary>Gets the run's seconds at the end of the last evaluation.</summary>
    public double EvaluatedAt { get; init; }

    /// <summary>Gets the run's seconds at the end of the last step or evaluation.</summary>
    public double SteppedAt { get; init; }
}

/// <summary>A position in a run.</summary>
/// <param name="NextStep">Steps taken.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="TotalSteps">Steps of the run.</param>
internal readonly record struct RunPosition(int NextStep, int StepsPerEpoch, int TotalSteps)
{
    /// <summary>Gets the epochs of the run; the last one may be shorter.</summary>
    public int TotalEpochs => (TotalSteps + StepsPerEpoch - 1) / StepsPerEpoch;

    /// <summary>Gets whether the last step was the last of its epoch.</summary>
    public bool IsEndOfEpoch => NextStep % StepsPerEpoch == 0 || NextStep >= TotalSteps;

    /// <summary>Gets the epochs that are complete once the epoch of the last step is.</summary>
    public int EpochsAfterThisStep => (NextStep + StepsPerEpoch - 1) / StepsPerEpoch;
}

/// <summary>When an evaluation takes place.</summary>
internal enum EvaluationKind
{
    /// <summary>Before the first step.</summary>
    Pretrained,

    /// <summary>At the end of an epoch that is not the last.</summary>
    EndOfEpoch,

    /// <summary>At the end of the run.</summary>
    Final,

    /// <summary>After the run was canceled within its training.</summary>
    Interrupted,
}

/// <summary>What to do after a step.</summary>
/// <param name="RescaledSteps">The new number of steps of the run, or null to leave it unchanged.</param>
/// <param name="SaveCheckpoint">Whether to save a checkpoint.</param>
internal readonly record struct StepDecision(int? RescaledSteps, bool SaveCheckpoint);

/// <summary>What to do after an evaluation.</summary>
/// <param name="IsBest">Whether the weights are the best so far.</param>
/// <param name="StopReason">Why to stop, or null to continue.</param>
internal readonly record struct EvaluationDecision(bool IsBest, string? StopReason);

/// <summary>What to do after a bad step.</summary>
/// <param name="SaveBatch">Whether to save the batch.</param>
/// <param name="Stop">Whether to stop the run.</param>
internal readonly record struct BadStepDecision(bool SaveBatch, bool Stop);
