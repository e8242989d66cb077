namespace FocalSharp.Training.Recipes;

/// <summary>How the weights of another detector are probed before they are trained. The official code has no probe.</summary>
public sealed record TransferOptions
{
    /// <summary>Gets the training images that the weights are evaluated on before training; 0 for no probe. Default: 0.</summary>
    public int ProbeImages { get; init; }

    /// <summary>
    /// Gets the minimum AP at IoU 0.5 for which a class of the weights matches a class of another name in the data set, whose classifier then
    /// starts from the matched one. Default: 0.1.
    /// </summary>
    public double MinClassMatchAp50 { get; init; } = 0.1;

    /// <summary>
    /// Gets the mean AP at IoU 0.5 over all classes of the data set from which the weights count as already detecting them, and are trained
    /// with a lower learning rate. Default: 0.25.
    /// </summary>
    public double AlreadyDetectsAp50 { get; init; } = 0.25;

    /// <summary>Gets the classes that must be detected for that, each by another class of the weights, unless all are detected by their own names. Default: 3.</summary>
    public int MinDetectedClasses { get; init; } = 3;

    /// <summary>Gets the factor on the learning rate in that case. Default: 0.05.</summary>
    public double LearningRateFactor { get; init; } = 0.05;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="OptionException">An option is out of its range.</exception>
    internal void Validate()
    {
        OptionException.ThrowUnless(ProbeImages >= 0, $"transfer.probeImages is {ProbeImages}; it must be 0 (none) or more");
        OptionException.ThrowUnless(MinClassMatchAp50 is > 0 and <= 1, $"transfer.minClassMatchAp50 is {MinClassMatchAp50}; it must be above 0, and at most 1");
        OptionException.ThrowUnless(AlreadyDetectsAp50 is > 0 and <= 1, $"transfer.alreadyDetectsAp50 is {AlreadyDetectsAp50}; it must be above 0, and at most 1");
        OptionException.ThrowUnless(MinDetectedClasses >= 1, $"transfer.minDetectedClasses is {MinDetectedClasses}; it must be at least 1");
        OptionException.ThrowUnless(LearningRateFactor is > 0 and <= 1, $"transfer.learningRateFactor is {LearningRateFactor}; it must be above 0, and at most 1 (the full rate)");
    }
}
