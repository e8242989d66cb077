namespace FocalSharp.Training.Recipes;

/// <summary>
/// Which settings are measured on held-out training images before training, by short trainings (trials). The evaluation split is never used.
/// The official code has no such step.
/// </summary>
public sealed record TuningOptions
{
    /// <summary>Gets the training samples of a trial as a fraction of the run's; 0 disables tuning. Default: 0.</summary>
    public double TrialFraction { get; init; }

    /// <summary>Gets the minimum steps of each training of a trial, so that trials of small data sets have learned something. Default: 30.</summary>
    public int MinTrialSteps { get; init; } = 30;

    /// <summary>
    /// Gets the fraction of the training images that a trial is evaluated on and not trained on, at most one half. If that is fewer than
    /// <see cref="MinHeldOutImages"/>, each trial is trained twice, on either half of the images, and evaluated on all. The training that follows
    /// uses all images. Default: 1/3.
    /// </summary>
    public double HeldOutFraction { get; init; } = 1 / 3d;

    /// <summary>Gets the minimum size of a single held-out part. Default: 16.</summary>
    public int MinHeldOutImages { get; init; } = 16;

    /// <summary>Gets the maximum number of held-out images, which limits the time of their evaluation. Default: 100.</summary>
    public int MaxHeldOutImages { get; init; } = 100;

    /// <summary>Gets the factors on the learning rate that are tried beside 1. Default: none.</summary>
    public IReadOnlyList<double> LearningRateFactors { get; init; } = [];

    /// <summary>Gets the factors on the backbone's learning rate that are tried beside the recipe's. Default: none.</summary>
    public IReadOnlyList<double> BackboneFactors { get; init; } = [];

    /// <summary>Gets the input sizes in pixels that are tried beside the recipe's. Default: none.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [];

    /// <summary>
    /// Gets the shares of the pretrained weights in the final weights that are tried beside 0 (weight averaging, WiSE-FT,
    /// arXiv 2109.01903). Default: none.
    /// </summary>
    public IReadOnlyList<double> PretrainedShares { get; init; } = [];

    /// <summary>
    /// Gets the factors on the learning rate at which distillation from the pretrained weights is tried, for the classes that they detect better than
    /// a detector trained on the other images does (<see cref="TransferOptions.DistilledClasses"/>). Default: none.
    /// </summary>
    public IReadOnlyList<double> DistillationRateFactors { get; init; } = [];

    /// <summary>Gets whether there is anything to measure.</summary>
    internal bool IsEnabled => TrialFraction > 0;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="OptionException">An option is out of its range.</exception>
    internal void Validate()
    {
        OptionException.ThrowUnless(TrialFraction is >= 0 and <= 1, $"tuning.trialFraction is {TrialFraction}; it must be 0 (no tuning) to 1");
        OptionException.ThrowUnless(HeldOutFraction is > 0 and <= 0.5, $"tuning.heldOutFraction is {HeldOutFraction}; it must be above 0, and at most 0.5");
        OptionException.ThrowUnless(MinTrialSteps >= 1, $"tuning.minTrialSteps is {MinTrialSteps}; it must be at least 1");
        OptionException.ThrowUnless(MinHeldOutImages >= 1, $"tuning.minHeldOutImages is {MinHeldOutImages}; it must be at least 1");
        OptionException.ThrowUnless(
            MaxHeldOutImages >= MinHeldOutImages, $"tuning.maxHeldOutImages is {MaxHeldOutImages}; it must be at least minHeldOutImages, {MinHeldOutImages}");
        OptionException.ThrowUnless(LearningRateFactors.All(factor => factor > 0), "tuning.learningRateFactors must be above 0");
        OptionException.ThrowUnless(DistillationRateFactors.All(factor => factor > 0), "tuning.distillationRateFactors must be above 0");
        OptionException.ThrowUnless(BackboneFactors.All(factor => factor >= 0), "tuning.backboneFactors must be 0 or more");
        OptionException.ThrowUnless(
            Sizes.All(size => size is >= 64 and <= 4096 && size % 32 == 0), "tuning.sizes must be multiples of 32 from 64 to 4096");
        OptionException.ThrowUnless(PretrainedShares.All(share => share is >= 0 and <= 1), "tuning.pretrainedShares must be 0 to 1");
    }
}
