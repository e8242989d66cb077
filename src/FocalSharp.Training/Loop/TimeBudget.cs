using System.Collections.Immutable;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Estimates how many steps fit into the minutes that a run may take, from the durations of recent steps and evaluations, leaving time for
/// the last evaluation and the report. The estimate is renewed after each step, so a machine that slows down gets fewer steps; the
/// learning-rate schedule is complete either way. Immutable: <see cref="AddStep"/> returns a new budget.
/// </summary>
internal sealed record TimeBudget
{
    private const int MinSteps = 3;
    private const int WindowSize = 40;
    private const double ReportSeconds = 4;
    private const double EvaluationToTrainingCost = 0.5;
    private const double SafetyMargin = 0.03;
    private const double MinRelativeChange = 0.02;

    private readonly Recipe _recipe;

    /// <summary>Initializes a budget without measurements.</summary>
    /// <param name="recipe">The recipe; its <see cref="Recipe.Minutes"/> are the limit.</param>
    /// <param name="evalImages">Number of images of an evaluation.</param>
    public TimeBudget(Recipe recipe, int evalImages) => (_recipe, EvaluationImages) = (recipe, evalImages);

    /// <summary>Gets the number of images of an evaluation.</summary>
    public int EvaluationImages { get; }

    /// <summary>Gets whether the run has a limit.</summary>
    public bool HasLimit => _recipe.Minutes > 0;

    /// <summary>Gets the seconds that the run may take.</summary>
    public double LimitSeconds => _recipe.Minutes * 60;

    /// <summary>Gets the steps of the recipe's <see cref="Recipe.MaxSamples"/>; the maximum of an integer if there is none.</summary>
    public int MaxSteps => _recipe.MaxSamples > 0 ? Math.Max(1, (_recipe.MaxSamples + _recipe.ImagesPerStep - 1) / _recipe.ImagesPerStep) : int.MaxValue;

    /// <summary>Gets whether the schedule was rescaled before: from then on, small changes of the estimate are ignored.</summary>
    public bool WasRescaled { get; init; }

    private ImmutableQueue<double> RecentStepSeconds { get; init; } = [];

    private double OverheadSeconds { get; init; }

    // The median: the first steps are slow, and a step that waited for the disk is an outlier.
    private double MedianStepSeconds
    {
        get
        {
            double[] sorted = [.. RecentStepSeconds.Order()];
            return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
        }
    }

    /// <summary>Returns the budget with the measurements of one more step.</summary>
    /// <param name="seconds">Seconds of the step.</param>
    /// <param name="overhead">Seconds between this step and the one before it: checkpoints, progress.</param>
    public TimeBudget AddStep(double seconds, double overhead)
    {
        ImmutableQueue<double> recent = RecentStepSeconds.Enqueue(seconds);
        return this with
        {
            RecentStepSeconds = recent.Count() > WindowSize ? recent.Dequeue() : recent,
            OverheadSeconds = (0.9 * OverheadSeconds) + (0.1 * Math.Max(0, overhead)),
        };
    }

    /// <summary>Returns how many steps the whole run should have, or null to leave it unchanged.</summary>
    /// <param name="nextStep">Steps taken.</param>
    /// <param name="totalSteps">Steps of the run as scheduled now.</param>
    /// <param name="elapsed">Seconds of the run so far.</param>
    /// <param name="measuredEvalSeconds">Seconds of the last evaluation; 0 before the first.</param>
    public int? EstimateTotalSteps(int nextStep, int totalSteps, double elapsed, double measuredEvalSeconds)
    {
        if (!HasLimit || RecentStepSeconds.Count() < MinSteps)
        {
            return null;
        }

        double eval = EstimateEvaluationSeconds(measuredEvalSeconds);
        double left = (LimitSeconds * (1 - SafetyMargin)) - elapsed - eval - ReportSeconds;
        double fraction = Math.Max(0, left) / LimitSeconds;
        left -= Math.Floor(RunPolicy.PlannedEvaluations * fraction * GetEvaluationFraction(eval)) * eval;
        int fitting = (int)Math.Min(MaxSteps, nextStep + Math.Max(0, left / Math.Max(1e-6, MedianStepSeconds + OverheadSeconds)));
        double change = Math.Abs(fitting - totalSteps) / (double)Math.Max(1, totalSteps - nextStep);
        return WasRescaled && change < MinRelativeChange ? null : Math.Max(fitting, 1);
    }

    /// <summary>
    /// Returns whether an evaluation is due: about eight in a run, fewer if they would take more than a tenth of its time, and none shortly before
    /// the final one.
    /// </summary>
    /// <param name="elapsed">Seconds of the run so far.</param>
    /// <param name="sinceLast">Seconds since the last evaluation, or since the start.</param>
    /// <param name="measuredEvalSeconds">Seconds of the last evaluation; 0 before the first.</param>
    public bool IsEvaluationDue(double elapsed, double sinceLast, double measuredEvalSeconds)
    {
        double eval = EstimateEvaluationSeconds(measuredEvalSeconds);
        double interval = LimitSeconds / Math.Max(1, RunPolicy.PlannedEvaluations * GetEvaluationFraction(eval));
        return sinceLast + eval >= interval && LimitSeconds - elapsed >= interval / 2;
    }

    private double EstimateEvaluationSeconds(double measured) =>
        measured > 0 ? measured : EvaluationImages * EvaluationToTrainingCost * MedianStepSeconds / _recipe.ImagesPerStep;

    private double GetEvaluationFraction(double eval) =>
        Math.Min(1, RunPolicy.MaxEvaluationFraction * LimitSeconds / Math.Max(1e-6, RunPolicy.PlannedEvaluations * eval));
}
