namespace FocalSharp.Training.Recipes;

/// <summary>Options of the learning-rate schedule. Defaults: mmdetection's GFL, <c>schedule_1x</c>.</summary>
public sealed record ScheduleOptions
{
    /// <summary>Gets the schedule after warm-up (official: step).</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Step;

    /// <summary>Gets the steps of linear warm-up (official: 500); at most a fifth of the run.</summary>
    public int WarmupSteps { get; init; } = 500;

    /// <summary>Gets the fraction of the rate that warm-up starts from (official: 0.001).</summary>
    public double WarmupFactor { get; init; } = 0.001;

    /// <summary>Gets the epochs after which the rate of the step schedule drops (official 1x: 8 and 11).</summary>
    public IReadOnlyList<int> Milestones { get; init; } = [8, 11];

    /// <summary>Gets the factor of each drop of the step schedule (official: 0.1).</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Gets the final fraction of the rate of the cosine schedule. Default: 0.02.</summary>
    public double FinalFactor { get; init; } = 0.02;
}
