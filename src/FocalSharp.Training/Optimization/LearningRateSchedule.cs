using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Optimization;

/// <summary>
/// The learning rate as a pure function of the step and, once it was fitted to the time at hand, of that fit: a resumed run needs
/// no other state for it.
/// </summary>
public sealed class LearningRateSchedule
{
    private readonly ScheduleOptions _options;
    private readonly double _rate;
    private readonly int _stepsPerEpoch;
    private readonly int _plannedSteps;
    private readonly bool _limitWarmup;
    private int _warmupSteps;

    /// <summary>Makes the schedule of a run.</summary>
    /// <param name="options">The course.</param>
    /// <param name="rate">The full learning rate.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch, at least 1.</param>
    /// <param name="epochs">Epochs of the run, at least 1.</param>
    /// <param name="limitWarmup">
    /// Whether warm-up is held to a fifth of the run, so that a short run reaches its full rate; the official code has no such limit.
    /// </param>
    public LearningRateSchedule(ScheduleOptions options, double rate, int stepsPerEpoch, int epochs, bool limitWarmup = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        _options = options;
        _rate = rate;
        _stepsPerEpoch = stepsPerEpoch;
        _plannedSteps = checked(stepsPerEpoch * epochs);
        _limitWarmup = limitWarmup;
        ApplyRescale(null);
    }

    /// <summary>Steps of the run.</summary>
    public int TotalSteps => Rescale?.TotalSteps ?? _plannedSteps;

    /// <summary>How the course was bent, or null where it runs as planned.</summary>
    public ScheduleRescale? Rescale { get; private set; }

    /// <summary>Bends what is left of the course from a step on, so that it ends after another number of steps.</summary>
    /// <param name="step">The next step.</param>
    /// <param name="totalSteps">Steps of the whole run, at least <paramref name="step"/>.</param>
    public void RescaleTo(int step, int totalSteps) => ApplyRescale(new ScheduleRescale(step, GetProgress(step), Math.Max(step, totalSteps)));

    /// <summary>Takes over a fit made before, or none.</summary>
    public void ApplyRescale(ScheduleRescale? fit)
    {
        Rescale = fit;
        _warmupSteps = _limitWarmup ? Math.Min(_options.WarmupSteps, TotalSteps / 5) : _options.WarmupSteps;
    }

    /// <summary>Part of the course that lies behind a step, 0 to 1.</summary>
    public double GetProgress(int step)
    {
        if (Rescale is not { } fit)
        {
            return Math.Clamp((double)step / _plannedSteps, 0, 1);
        }

        double left = Math.Max(1, fit.TotalSteps - fit.FromStep);
        return Math.Clamp(fit.FromProgress + ((1 - fit.FromProgress) * (step - fit.FromStep) / left), 0, 1);
    }

    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double GetLearningRate(int step) => _rate * GetWarmupFactor(step) * GetDecayFactor(step);

    /// <summary>Rises linearly over the warm-up's steps; the last of them has the full rate, as in mmengine's LinearLR.</summary>
    private double GetWarmupFactor(int step)
    {
        if (step >= _warmupSteps - 1)
        {
            return 1;
        }

        double start = _options.WarmupFactor;
        return start + ((1 - start) * step / (_warmupSteps - 1));
    }

    private double GetDecayFactor(int step)
    {
        switch (_options.Kind)
        {
            case ScheduleKind.Step:
                double epoch = Rescale is null ? step / _stepsPerEpoch : GetProgress(step) * _plannedSteps / _stepsPerEpoch;
                return Math.Pow(_options.Gamma, _options.Milestones.Count(milestone => milestone <= epoch));
            case ScheduleKind.Cosine:
                double progress = Math.Clamp(GetCosineProgress(step), 0, 1);
                return _options.FinalFactor + ((1 - _options.FinalFactor) * (1 + Math.Cos(Math.PI * progress)) / 2);
            default:
                return 1;
        }
    }

    private double GetCosineProgress(int step)
    {
        if (Rescale is null)
        {
            return (step - _warmupSteps) / Math.Max(1.0, _plannedSteps - _warmupSteps);
        }

        double warmup = (double)_warmupSteps / Math.Max(1, TotalSteps);
        return (GetProgress(step) - warmup) / (1 - warmup);
    }
}
