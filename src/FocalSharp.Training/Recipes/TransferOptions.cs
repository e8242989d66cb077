namespace FocalSharp.Training.Recipes;

/// <summary>What a training that starts from another detector's weights finds out about them first. The official code asks nothing.</summary>
public sealed record TransferOptions
{
    /// <summary>Training images on which the weights are tried before they are trained; 0 tries none (default: 0).</summary>
    public int ProbeImages { get; init; }

    /// <summary>
    /// AP at IoU 0.5 on those images from which a class of the weights stands for one of the data's that bears another name, so that its
    /// scores are where the new class starts (default: 0.1).
    /// </summary>
    public double MinClassMatchAp50 { get; init; } = 0.1;

    /// <summary>
    /// Mean AP at IoU 0.5 of all the data's classes from which the weights count as knowing the data already, and are trained gently
    /// (default: 0.25).
    /// </summary>
    public double AlreadyDetectsAp50 { get; init; } = 0.25;

    /// <summary>Classes that must be found for that, each by another class of the weights, where not all are found by their own names (default: 3).</summary>
    public int MinDetectedClasses { get; init; } = 3;

    /// <summary>Factor on the learning rate then (default: 0.05).</summary>
    public double LearningRateFactor { get; init; } = 0.05;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate()
    {
        OptionException.ThrowUnless(ProbeImages >= 0, $"transfer.probeImages is {ProbeImages}; it must be 0 (none) or more");
        OptionException.ThrowUnless(MinClassMatchAp50 is > 0 and <= 1, $"transfer.minClassMatchAp50 is {MinClassMatchAp50}; it must be above 0, and at most 1 (never, but for a perfect one)");
        OptionException.ThrowUnless(AlreadyDetectsAp50 is > 0 and <= 1, $"transfer.alreadyDetectsAp50 is {AlreadyDetectsAp50}; it must be above 0, and at most 1");
        OptionException.ThrowUnless(MinDetectedClasses >= 1, $"transfer.minDetectedClasses is {MinDetectedClasses}; it must be at least 1");
        OptionException.ThrowUnless(LearningRateFactor is > 0 and <= 1, $"transfer.learningRateFactor is {LearningRateFactor}; it must be above 0, and at most 1 (the full rate)");
    }
}
