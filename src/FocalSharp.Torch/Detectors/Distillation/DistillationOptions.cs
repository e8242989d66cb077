namespace FocalSharp.Torch.Detectors.Distillation;

/// <summary>
/// Settings of a training with a teacher: the weights of the losses that draw the student's outputs to the teacher's, beside its own losses.
/// They have no effect without a teacher.
/// </summary>
public sealed record DistillationOptions
{
    /// <summary>Gets the temperature that softens both distributions of a side (official: 10).</summary>
    public double Temperature { get; init; } = 10;

    /// <summary>Gets the weight of localization distillation at the positives (official: 0.25).</summary>
    public double LocalizationWeight { get; init; } = 0.25;

    /// <summary>
    /// Gets the weight of localization distillation in the valuable localization regions, near objects but not assigned to them (HikariTJU/LD:
    /// 0.25; mmdetection: none).
    /// </summary>
    public double ValuableRegionWeight { get; init; } = 0.25;

    /// <summary>
    /// Gets the weight of class distillation: Quality Focal Loss with the teacher's scores as targets, at all locations, for the classes that
    /// both have (default: 0, off).
    /// </summary>
    public double ClassWeight { get; init; }

    /// <summary>
    /// Gets the weight of feature imitation: the squared distance between the normalized attention maps (means of squares over the channels,
    /// arXiv 1612.03928) of both necks (default: 0, off). The teacher must be weights, not an ONNX file.
    /// </summary>
    public double FeatureWeight { get; init; }

    /// <summary>
    /// Gets whether the student's box losses are divided by the sum of the positives' weights as mmdetection's LD head does, instead of by at
    /// least 1 (default: false): with few or unsure positives they become very large.
    /// </summary>
    public bool OfficialNormalizer { get; init; }

    /// <summary>Gets the score from which a teacher's detection in an unlabeled image becomes an object, 0 to 1 (default: 0.5).</summary>
    public double PseudoLabelScore { get; init; } = 0.5;

    /// <summary>
    /// Gets the megabytes of memory for teacher outputs, which are kept if images are augmented by flips at most (default: 1024; 0: none).
    /// </summary>
    public int CacheMegabytes { get; init; } = 1024;

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public void Validate()
    {
        OptionGuard.Require(
            Temperature is > 0 and <= 1000, nameof(Temperature), $"distillation.temperature is {Temperature}; it must be above 0, and at most 1000 (official: 10).");
        OptionGuard.Require(
            PseudoLabelScore is >= 0 and <= 1, nameof(PseudoLabelScore), $"distillation.pseudoLabelScore is {PseudoLabelScore}; it must be 0 to 1.");
        OptionGuard.Require(CacheMegabytes >= 0, nameof(CacheMegabytes), $"distillation.cacheMegabytes is {CacheMegabytes}; it must be 0 (none) or more.");
        foreach ((string name, double weight) in new[]
        {
            (nameof(LocalizationWeight), LocalizationWeight),
            (nameof(ValuableRegionWeight), ValuableRegionWeight),
            (nameof(ClassWeight), ClassWeight),
            (nameof(FeatureWeight), FeatureWeight),
        })
        {
            OptionGuard.Require(
                weight >= 0 && double.IsFinite(weight), name, $"distillation.{char.ToLowerInvariant(name[0])}{name[1..]} is {weight}; it must be 0 (off) or more.");
        }
    }
}
