using FocalSharp.Training.Recipes;
using FocalSharp.Training.Trainers;

namespace FocalSharp.Training.Runs;

/// <summary>
/// Fits a run to the minutes that it may take: from the time that steps and judgements have taken so far it estimates how many steps
/// still fit, leaving room for the last judgement and the report. The estimate is renewed as the run goes, so that a machine that
/// slows down ends the run sooner rather than late, its schedule complete either way.
/// </summary>
/// <param name="recipe">Its <see cref="Recipe.Minutes"/> are the bound.</param>
/// <param name="judged">Images of a judgement.</param>
internal sealed class TimeKeeper(Recipe recipe, int judged)
{
    private const int FirstSteps = 3;
    private const int Remembered = 40;
    private const double ReportSeconds = 4;
    private const double JudgeToTrain = 0.5;
    private const double Margin = 0.03;
    private const double WorthRefitting = 0.02;
    private const int JudgementsPlanned = 8;

    private readonly Queue<double> _recent = [];
    private double _overhead;
    private int _fits;

    /// <summary>True where the run has a bound.</summary>
    public bool IsBound => recipe.Minutes > 0;

    /// <summary>Seconds that the run may take.</summary>
    public double Seconds => recipe.Minutes * 60;

    /// <summary>Notes a step, and what was spent beside it since the last (checkpoints, the screen).</summary>
    public void Stepped(double seconds, double beside)
    {
        _recent.Enqueue(seconds);
        if (_recent.Count > Remembered)
        {
            _recent.Dequeue();
        }

        _overhead = (0.9 * _overhead) + (0.1 * Math.Max(0, beside));
    }

    /// <summary>Seconds of a judgement: as measured, or guessed from the steps before the first.</summary>
    public double JudgeSeconds(double measured) => measured > 0 ? measured : judged * JudgeToTrain * StepSeconds / recipe.ImagesPerStep;

    /// <summary>How many steps the whole run should have, or null where it should stay as it is.</summary>
    /// <param name="trainer">Where it stands.</param>
    /// <param name="elapsed">Seconds of the run so far.</param>
    /// <param name="measuredJudge">Seconds of the last judgement; 0 before the first.</param>
    public int? Fit(Trainer trainer, double elapsed, double measuredJudge) =>
        Fit(trainer.NextStep, trainer.TotalSteps, elapsed, measuredJudge);

    /// <summary>The same from plain numbers.</summary>
    public int? Fit(int nextStep, int totalSteps, double elapsed, double measuredJudge)
    {
        if (!IsBound || _recent.Count < FirstSteps)
        {
            return null;
        }

        double judge = JudgeSeconds(measuredJudge);
        double left = (Seconds * (1 - Margin)) - elapsed - judge - ReportSeconds;
        double share = Math.Max(0, left) / Seconds;
        left -= Math.Floor(JudgementsPlanned * share * JudgesShare(judge)) * judge;
        int fitting = nextStep + (int)Math.Max(0, left / Math.Max(1e-6, StepSeconds + _overhead));
        double change = Math.Abs(fitting - totalSteps) / (double)Math.Max(1, totalSteps - nextStep);
        if (_fits > 0 && change < WorthRefitting)
        {
            return null;
        }

        _fits++;
        return Math.Max(fitting, 1);
    }

    /// <summary>Whether a judgement in between is due: about eight a run, fewer where they would take more than a fifth of its time.</summary>
    /// <param name="sinceLast">Seconds since the last one, or since the start.</param>
    /// <param name="measuredJudge">Seconds of the last judgement; 0 before the first.</param>
    public bool JudgementIsDue(double sinceLast, double measuredJudge)
    {
        double judge = JudgeSeconds(measuredJudge);
        return sinceLast + judge >= Seconds / Math.Max(1, JudgementsPlanned * JudgesShare(judge));
    }

    // The middle of the recent steps: the first are slow, and one that waited for the disk says nothing.
    private double StepSeconds => _recent.Count == 0 ? 0 : _recent.Order().ElementAt(_recent.Count / 2);

    private double JudgesShare(double judge) => Math.Min(1, 0.2 * Seconds / Math.Max(1e-6, JudgementsPlanned * judge));
}
