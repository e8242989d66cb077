using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>
/// Fits a run to the minutes that it may take: from the time that steps and judgements have taken so far it estimates how many steps
/// still fit, leaving room for the last judgement and the report. The estimate is renewed as the run goes, so that a machine that
/// slows down ends the run sooner rather than late, its schedule complete either way.
/// </summary>
/// <param name="recipe">Its <see cref="Recipe.Minutes"/> are the bound.</param>
/// <param name="evaluated">Images of a judgement.</param>
internal sealed class TimeBudget(Recipe recipe, int evaluated)
{
    private const int MinSteps = 3;
    private const int WindowSize = 40;
    private const double ReportSeconds = 4;
    private const double EvaluationToTrainingCost = 0.5;
    private const double SafetyMargin = 0.03;
    private const double MinRelativeChange = 0.02;
    private const int PlannedEvaluations = 8;

    private readonly Queue<double> _recentStepSeconds = [];
    private double _overheadSeconds;
    private int _rescaleCount;

    /// <summary>True where the run has a bound.</summary>
    public bool HasLimit => recipe.Minutes > 0;

    /// <summary>Seconds that the run may take.</summary>
    public double LimitSeconds => recipe.Minutes * 60;

    /// <summary>Notes a step, and what was spent beside it since the last (checkpoints, the screen).</summary>
    public void RecordStep(double seconds, double beside)
    {
        _recentStepSeconds.Enqueue(seconds);
        if (_recentStepSeconds.Count > WindowSize)
        {
            _recentStepSeconds.Dequeue();
        }

        _overheadSeconds = (0.9 * _overheadSeconds) + (0.1 * Math.Max(0, beside));
    }

    /// <summary>Seconds of a judgement: as measured, or guessed from the steps before the first.</summary>
    public double EstimateEvaluationSeconds(double measured) => measured > 0 ? measured : evaluated * EvaluationToTrainingCost * MedianStepSeconds / recipe.ImagesPerStep;

    /// <summary>How many steps the whole run should have, or null where it should stay as it is.</summary>
    /// <param name="trainer">Where it stands.</param>
    /// <param name="elapsed">Seconds of the run so far.</param>
    /// <param name="measuredEvalSeconds">Seconds of the last judgement; 0 before the first.</param>
    public int? EstimateTotalSteps(Trainer trainer, double elapsed, double measuredEvalSeconds) =>
        EstimateTotalSteps(trainer.NextStep, trainer.TotalSteps, elapsed, measuredEvalSeconds);

    /// <summary>The same from plain numbers.</summary>
    public int? EstimateTotalSteps(int nextStep, int totalSteps, double elapsed, double measuredEvalSeconds)
    {
        if (!HasLimit || _recentStepSeconds.Count < MinSteps)
        {
            return null;
        }

        double eval = EstimateEvaluationSeconds(measuredEvalSeconds);
        double left = (LimitSeconds * (1 - SafetyMargin)) - elapsed - eval - ReportSeconds;
        double share = Math.Max(0, left) / LimitSeconds;
        left -= Math.Floor(PlannedEvaluations * share * GetEvaluationFraction(eval)) * eval;
        int fitting = nextStep + (int)Math.Max(0, left / Math.Max(1e-6, MedianStepSeconds + _overheadSeconds));
        double change = Math.Abs(fitting - totalSteps) / (double)Math.Max(1, totalSteps - nextStep);
        if (_rescaleCount > 0 && change < MinRelativeChange)
        {
            return null;
        }

        _rescaleCount++;
        return Math.Max(fitting, 1);
    }

    /// <summary>Whether a judgement in between is due: about eight a run, fewer where they would take more than a fifth of its time.</summary>
    /// <param name="sinceLast">Seconds since the last one, or since the start.</param>
    /// <param name="measuredEvalSeconds">Seconds of the last judgement; 0 before the first.</param>
    public bool IsEvaluationDue(double sinceLast, double measuredEvalSeconds)
    {
        double eval = EstimateEvaluationSeconds(measuredEvalSeconds);
        return sinceLast + eval >= LimitSeconds / Math.Max(1, PlannedEvaluations * GetEvaluationFraction(eval));
    }

    // The middle of the recent steps: the first are slow, and one that waited for the disk says nothing.
    private double MedianStepSeconds => _recentStepSeconds.Count == 0 ? 0 : _recentStepSeconds.Order().ElementAt(_recentStepSeconds.Count / 2);

    private double GetEvaluationFraction(double eval) => Math.Min(1, 0.2 * LimitSeconds / Math.Max(1e-6, PlannedEvaluations * eval));
}
