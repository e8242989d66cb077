namespace FocalSharp.Training.Recipes;

/// <summary>What a training that starts from another detector's weights finds out about them first. The official code asks nothing.</summary>
public sealed record TransferOptions
{
    /// <summary>Training images on which the weights are tried before they are trained; 0 tries none (default: 0).</summary>
    public int Images { get; init; }

    /// <summary>
    /// AP at IoU 0.5 on those images from which a class of the weights stands for one of the data's that bears another name, so that its
    /// scores are where the new class starts (default: 0.1).
    /// </summary>
    public double KinAp50 { get; init; } = 0.1;

    /// <summary>
    /// Mean AP at IoU 0.5 of all the data's classes from which the weights count as knowing the data already, and are trained gently
    /// (default: 0.25).
    /// </summary>
    public double KnownAp50 { get; init; } = 0.25;

    /// <summary>Classes that must be found for that, each by another class of the weights, where not all are found by their own names (default: 3).</summary>
    public int KnownClasses { get; init; } = 3;

    /// <summary>Factor on the learning rate then (default: 0.05).</summary>
    public double KnownRate { get; init; } = 0.05;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="UserErrorException">One is.</exception>
    internal void Validate()
    {
        UserErrorException.ThrowUnless(Images >= 0, $"transfer.images is {Images}; it must be 0 (none) or more");
        UserErrorException.ThrowUnless(KinAp50 is > 0 and <= 1, $"transfer.kinAp50 is {KinAp50}; it must be above 0, and at most 1 (never, but for a perfect one)");
        UserErrorException.ThrowUnless(KnownAp50 is > 0 and <= 1, $"transfer.knownAp50 is {KnownAp50}; it must be above 0, and at most 1");
        UserErrorException.ThrowUnless(KnownClasses >= 1, $"transfer.knownClasses is {KnownClasses}; it must be at least 1");
        UserErrorException.ThrowUnless(KnownRate is > 0 and <= 1, $"transfer.knownRate is {KnownRate}; it must be above 0, and at most 1 (the full rate)");
    }
}
