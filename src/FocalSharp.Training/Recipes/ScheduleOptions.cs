namespace FocalSharp.Training.Recipes;

/// <summary>The learning rate's course. Defaults: mmdetection's GFL, <c>schedule_1x</c>.</summary>
public sealed record ScheduleOptions
{
    /// <summary>Course after warm-up (official: step).</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Step;

    /// <summary>Steps of linear warm-up (official: 500); never more than a fifth of the whole training.</summary>
    public int WarmupSteps { get; init; } = 500;

    /// <summary>Fraction of the rate that warm-up starts from (official: 0.001).</summary>
    public double WarmupFactor { get; init; } = 0.001;

    /// <summary>Step: epochs after which the rate drops (official 1x: 8 and 11).</summary>
    public IReadOnlyList<int> Milestones { get; init; } = [8, 11];

    /// <summary>Step: factor of each drop (official: 0.1).</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Cosine: fraction of the rate at the end.</summary>
    public double FinalFactor { get; init; } = 0.02;
}
