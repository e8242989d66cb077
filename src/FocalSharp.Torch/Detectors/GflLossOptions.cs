using FocalSharp.Torch.Modeling.Heads;

namespace FocalSharp.Torch.Detectors;

/// <summary>Settings of assignment and losses.</summary>
public sealed record GflLossOptions
{
    /// <summary>Which assignment (official: ATSS; NanoDet-Plus: dynamic soft labels).</summary>
    public AssignerKind Assigner { get; init; } = AssignerKind.Atss;

    /// <summary>ATSS: nearest anchors per level and ground truth that are candidates (official: 9).</summary>
    public int AssignerTopK { get; init; } = 9;

    /// <summary>What class scores learn (official: quality).</summary>
    public ClassificationLoss Classification { get; init; } = ClassificationLoss.Quality;

    /// <summary>Focal Loss: weight of positives, negatives get the rest of 1 (its paper and RetinaNet's configs: 0.25).</summary>
    public double FocalAlpha { get; init; } = 0.25;

    /// <summary>Focal Loss: exponent, 0 or at least 1 (its paper and RetinaNet's configs: 2).</summary>
    public double FocalGamma { get; init; } = 2;

    /// <summary>
    /// For data in which labels are missing: a class score above this probability that no assigned object asks for is neither punished nor
    /// moved, since it may well be right. 0 is off (official), else below 1.
    /// </summary>
    public double IgnoreNegativesAbove { get; init; }

    /// <summary>β of QFL. Default: 2, which the paper and the official configs use (AP 37.6, 39.0, 39.9, 39.7, 38.2 for β = 0, 1, 2, 2.5, 4).</summary>
    public double Beta { get; init; } = 2;

    /// <summary>Weight of the Quality Focal Loss (official: 1).</summary>
    public double QualityWeight { get; init; } = 1;

    /// <summary>Weight of the Distribution Focal Loss (paper: 1/4; official: 0.25).</summary>
    public double DistributionWeight { get; init; } = 0.25;

    /// <summary>Weight of the GIoU loss (paper: 2; official: 2).</summary>
    public double BoxWeight { get; init; } = 2;

    /// <summary>The logit of <see cref="IgnoreNegativesAbove"/>; infinite where it is off.</summary>
    internal float IgnoreNegativesAboveLogit => IgnoreNegativesAbove > 0 ? (float)Math.Log(IgnoreNegativesAbove / (1 - IgnoreNegativesAbove)) : float.PositiveInfinity;

    /// <summary>Says which option is out of its range, or at odds with the head.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate(HeadOptions head)
    {
        if (Classification == ClassificationLoss.Focal && head.QualityPredictor is not null)
        {
            throw new FocalSharpException("loss classification focal needs logits, which GFLv2's quality predictor turns into probabilities; leave one of the two");
        }

        if (FocalAlpha is not (> 0 and < 1) || FocalGamma is not (0 or (>= 1 and <= 10)))
        {
            throw new FocalSharpException($"loss focal alpha {FocalAlpha} must lie between 0 and 1, and gamma {FocalGamma} be 0 or within 1 to 10 (between them its slope has no bound); usual: 0.25 and 2");
        }

        if (IgnoreNegativesAbove is not (>= 0 and < 1))
        {
            throw new FocalSharpException($"loss doubt score {IgnoreNegativesAbove} must be 0 (off) or below 1, as 0.6");
        }
    }
}
