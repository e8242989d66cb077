using FocalSharp.Assignment;
using FocalSharp.Torch.Losses;

namespace FocalSharp.Torch.Detectors;

/// <summary>Settings of label assignment and losses, used in training only. The defaults are the official ones.</summary>
public sealed record GflLossOptions
{
    /// <summary>Gets the settings of the label assigner (official: ATSS; NanoDet-Plus: dynamic soft labels).</summary>
    public AssignerOptions Assigner { get; init; } = new AtssOptions();

    /// <summary>Gets the settings of the classification loss (official: Quality Focal Loss).</summary>
    public ClassificationLossOptions Classification { get; init; } = new QualityFocalLossOptions();

    /// <summary>Gets the settings of the box loss (official: GIoU).</summary>
    public BoxLossOptions Box { get; init; } = new IouLossOptions();

    /// <summary>
    /// Gets the class probability above which the classification loss ignores negatives, for data with missing labels: 0 ignores
    /// none (official), else below 1.
    /// </summary>
    public double IgnoreNegativesAbove { get; init; }

    /// <summary>Gets the weight of the classification loss (official: 1).</summary>
    public double ClassificationWeight { get; init; } = 1;

    /// <summary>Gets the weight of the Distribution Focal Loss (paper: 1/4; official: 0.25).</summary>
    public double DistributionWeight { get; init; } = 0.25;

    /// <summary>Gets the weight of the box loss (paper and official: 2).</summary>
    public double BoxWeight { get; init; } = 2;

    /// <summary>
    /// Gets whether a second neck and a head of normal convolutions, which are part of training only, assign the labels (NanoDet-Plus's assign
    /// guidance module; official: off, NanoDet-Plus: on). It needs an assigner that uses predictions, and takes most of the training time.
    /// </summary>
    public bool AssignGuidance { get; init; }

    /// <summary>Gets the epoch, counted from 0, from which the guidance module no longer trains backbone and neck (NanoDet-Plus: 10).</summary>
    public int GuidanceDetachEpoch { get; init; } = 10;

    /// <summary>Gets the logit of <see cref="IgnoreNegativesAbove"/>; infinity if none are ignored.</summary>
    internal float IgnoreNegativesAboveLogit =>
        IgnoreNegativesAbove > 0 ? (float)Math.Log(IgnoreNegativesAbove / (1 - IgnoreNegativesAbove)) : float.PositiveInfinity;

    /// <summary>Gets whether the box losses are divided by the sum of the positives' weights alone, as in mmdetection's LD head, not by at least 1.</summary>
    internal bool DividesByWeightsOnly { get; init; }

    // The official modules average boxes by 1 and sides by 4, each with an epsilon, before the sum of the positives' weights divides them.
    internal double BoxScale => BoxWeight / (1 + LossReducer.FloatEpsilon);

    internal double DistributionScale => DistributionWeight / (4 + LossReducer.FloatEpsilon);

    /// <summary>Returns the factor of the summed classification loss.</summary>
    /// <param name="positives">Number of positives that averages it.</param>
    internal double GetClassificationScale(double positives) => ClassificationWeight / (positives + LossReducer.FloatEpsilon);

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public void Validate()
    {
        Assigner.Validate();
        Classification.Validate();
        Box.Validate();
        OptionGuard.Require(
            !AssignGuidance || Assigners.Create(Assigner).NeedsPredictions,
            nameof(AssignGuidance),
            $"Loss assignGuidance needs an assigner that uses predictions, which {Assigner.Kind} does not; set assigner: {{ kind: dynamicSoftLabel }}.");
        OptionGuard.Require(
            GuidanceDetachEpoch >= 0, nameof(GuidanceDetachEpoch), $"Loss guidanceDetachEpoch is {GuidanceDetachEpoch}; it must be 0 or more (NanoDet-Plus: 10).");
        OptionGuard.Require(
            IgnoreNegativesAbove is >= 0 and < 1,
            nameof(IgnoreNegativesAbove),
            $"Loss ignoreNegativesAbove is {IgnoreNegativesAbove}; it must be 0 (off) to below 1, for example 0.6.");
        foreach ((string name, double weight) in new[]
        {
            (nameof(ClassificationWeight), ClassificationWeight),
            (nameof(DistributionWeight), DistributionWeight),
            (nameof(BoxWeight), BoxWeight),
        })
        {
            OptionGuard.Require(weight >= 0 && double.IsFinite(weight), name, $"Loss {char.ToLowerInvariant(name[0])}{name[1..]} is {weight}; it must be 0 or more.");
        }
    }
}
