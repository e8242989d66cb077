using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Optimization;

/// <summary>
/// The learning rate as a pure function of the step and of the last rescaling, if there was one: a resumed run needs no other state.
/// </summary>
internal sealed class LearningRateSchedule
{
    private readonly ScheduleOptions _options;
    private readonly double _rate;
    private readonly int _stepsPerEpoch;
    private readonly int _plannedSteps;
    private readonly bool _limitWarmup;
    private int _warmupSteps;

    /// <summary>Initializes the schedule of a run.</summary>
    /// <param name="options">The kind of schedule and its parameters.</param>
    /// <param name="rate">The full learning rate.</param>
    /// <param name="stepsPerEpoch">Steps per epoch, at least 1.</param>
    /// <param name="epochs">Epochs of the run, at least 1.</param>
    /// <param name="limitWarmup">
    /// Whether warm-up is limited to a fifth of the run, so that a short run reaches its full rate; the official code has no such limit.
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

    /// <summary>Gets the steps of the run.</summary>
    public int TotalSteps => Rescale?.TotalSteps ?? _plannedSteps;

    /// <summary>Gets how the schedule was rescaled, or null.</summary>
    public ScheduleRescale? Rescale { get; private set; }

    /// <summary>Rescales the rest of the schedule so that it ends after another number of steps.</summary>
    /// <param name="step">The next step.</param>
    /// <param name="totalSteps">Steps of the whole run, at least <paramref name="step"/>.</param>
    public void RescaleTo(int step, int totalSteps) => ApplyRescale(new ScheduleRescale(step, GetProgress(step), Math.Max(step, totalSteps)));

    /// <summary>Applies an earlier rescaling, or none.</summary>
    public void ApplyRescale(ScheduleRescale? rescale)
    {
        Rescale = rescale;
        _warmupSteps = _limitWarmup ? Math.Min(_options.WarmupSteps, TotalSteps / 5) : _options.WarmupSteps;
    }

    /// <summary>Returns the progress of the schedule at a step, 0 to 1.</summary>
    public double GetProgress(int step)
    {
        if (Rescale is not { } fit)
        {
            return Math.Clamp((double)step / _plannedSteps, 0, 1);
        }

        double left = Math.Max(1, fit.TotalSteps - fit.FromStep);
        return Math.Clamp(fit.FromProgress + ((1 - fit.FromProgress) * (step - fit.FromStep) / left), 0, 1);
    }

    /// <summary>Returns the learning rate of a step, counted from 0.</summary>
    public double GetLearningRate(int step) => _rate * GetWarmupFactor(step) * GetDecayFactor(step);

    /// <summary>Rises linearly over the warm-up steps; the last of them has the full rate, as in mmengine's LinearLR.</summary>
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

/// <summary>A rescaling of a schedule during a run: the rest of the schedule fills another number of steps.</summary>
/// <param name="FromStep">The step from which it applies.</param>
/// <param name="FromProgress">The progress of the schedule at that step, 0 to 1.</param>
/// <param name="TotalSteps">Steps of the run at which the schedule ends.</param>
internal readonly record struct ScheduleRescale(int FromStep, double FromProgress, int TotalSteps);
