using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Optimization;

/// <summary>The learning rate as a pure function of the step, so that a resumed run needs no state for it.</summary>
public sealed class LearningRateSchedule
{
    private readonly ScheduleOptions _options;
    private readonly double _rate;
    private readonly int _stepsPerEpoch;
    private readonly int _totalSteps;
    private readonly int _warmupSteps;

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
        _totalSteps = checked(stepsPerEpoch * epochs);
        _warmupSteps = limitWarmup ? Math.Min(options.WarmupSteps, _totalSteps / 5) : options.WarmupSteps;
    }

    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double At(int step) => _rate * Warmup(step) * Course(step);

    /// <summary>Rises linearly over the warm-up's steps; the last of them has the full rate, as in mmengine's LinearLR.</summary>
    private double Warmup(int step)
    {
        if (step >= _warmupSteps - 1)
        {
            return 1;
        }

        double start = _options.WarmupFactor;
        return start + ((1 - start) * step / (_warmupSteps - 1));
    }

    private double Course(int step)
    {
        switch (_options.Kind)
        {
            case ScheduleKind.Step:
                int epoch = step / _stepsPerEpoch;
                return Math.Pow(_options.Gamma, _options.Milestones.Count(milestone => milestone <= epoch));
            case ScheduleKind.Cosine:
                double progress = Math.Clamp((step - _warmupSteps) / Math.Max(1.0, _totalSteps - _warmupSteps), 0, 1);
                return _options.FinalFactor + ((1 - _options.FinalFactor) * (1 + Math.Cos(Math.PI * progress)) / 2);
            default:
                return 1;
        }
    }
}
