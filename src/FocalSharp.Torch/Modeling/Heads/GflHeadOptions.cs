using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>Settings of the GFL head. The defaults are the official ones (mmdetection 3.3.0, <c>configs/gfl</c>).</summary>
public sealed record GflHeadOptions : HeadOptions
{
    /// <inheritdoc/>
    public override string Kind => "gfl";

    /// <summary>Gets the channels of the towers (official: 256).</summary>
    public int Channels { get; init; } = 256;

    /// <summary>Gets the number of convolutions in each tower (official: 4).</summary>
    public int StackedConvs { get; init; } = 4;

    /// <summary>Gets the size of the towers' kernels, an odd number (official: 3).</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Gets the size of the last convolutions' kernels, an odd number (official: 3; NanoDet: 1).</summary>
    public int OutputKernel { get; init; } = 3;

    /// <summary>Gets whether class scores and box sides have separate towers (official) or share one (NanoDet).</summary>
    public HeadTowers Towers { get; init; } = HeadTowers.Separate;

    /// <summary>
    /// Gets whether each level has its own weights (NanoDet), instead of shared weights and one scale per level (official).
    /// </summary>
    public bool PerLevelWeights { get; init; }

    /// <summary>Gets whether the towers consist of depthwise and 1x1 convolutions (NanoDet-m; official: false).</summary>
    public bool Depthwise { get; init; }

    /// <summary>
    /// Gets the normalization in the towers (official: group; NanoDet: batch, or none once folded into the weights).
    /// </summary>
    public NormKind Norm { get; init; } = NormKind.Group;

    /// <summary>Gets the slope of the towers' activations below 0 (official: 0, ReLU; NanoDet: 0.1).</summary>
    public double NegativeSlope { get; init; }

    /// <summary>Gets whether the towers' activation is hard-swish, as in PicoDet, instead of ReLU (official: false).</summary>
    public bool HardSwish { get; init; }

    /// <summary>Gets whether the towers' activation is ReLU6, as in NanoDet with EfficientNet-Lite, instead of ReLU (official: false).</summary>
    public bool Relu6 { get; init; }

    /// <summary>
    /// Gets whether channel attention precedes the last convolutions, and a branch that predicts the alignment of class and box scales
    /// the scores, as in the second generation of PicoDet (official GFL: false). It needs shared towers with weights per level.
    /// </summary>
    public bool TaskAligned { get; init; }

    /// <summary>Gets the number of groups of the towers' group norms (official: 32).</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>Gets the model of a box side (official: a general distribution).</summary>
    public BoxRepresentation BoxRepresentation { get; init; } = BoxRepresentation.General;

    /// <summary>Gets the class probability that the classifier starts from (arXiv 1708.02002 and official: 0.01).</summary>
    public double PriorProbability { get; init; } = 0.01;

    /// <summary>Gets the settings of GFLv2's Distribution-Guided Quality Predictor, or null for GFL.</summary>
    public QualityPredictorOptions? QualityPredictor { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        OptionGuard.Require(Channels is >= 1 and <= 4096, nameof(Channels), $"Head channels is {Channels}; it must be 1 to 4096 (official: 256).");
        OptionGuard.Require(StackedConvs is >= 0 and <= 16, nameof(StackedConvs), $"Head stackedConvs is {StackedConvs}; it must be 0 to 16 (official: 4).");
        OptionGuard.Require(Kernel is >= 1 and <= 15 && Kernel % 2 == 1, nameof(Kernel), $"Head kernel is {Kernel}; it must be an odd number up to 15 (official: 3).");
        OptionGuard.Require(
            OutputKernel is >= 1 and <= 15 && OutputKernel % 2 == 1,
            nameof(OutputKernel),
            $"Head outputKernel is {OutputKernel}; it must be an odd number up to 15 (official: 3).");
        OptionGuard.Require(
            NegativeSlope is >= 0 and < 1, nameof(NegativeSlope), $"Head negativeSlope is {NegativeSlope}; it must be 0 (ReLU) to below 1 (official: 0).");
        OptionGuard.Require(
            !Relu6 || !(HardSwish || NegativeSlope > 0), nameof(Relu6), "Head relu6 excludes hardSwish and a negativeSlope: the towers have one activation.");
        OptionGuard.Require(
            Norm != NormKind.Group || (NormGroups >= 1 && Channels % NormGroups == 0),
            nameof(NormGroups),
            $"Head channels {Channels} is not a multiple of normGroups {NormGroups}; set both, as 256 and 32.");
        OptionGuard.Require(
            PriorProbability is > 0 and < 1, nameof(PriorProbability), $"Head priorProbability is {PriorProbability}; it must be between 0 and 1 (official: 0.01).");
        OptionGuard.Require(
            BoxRepresentation == BoxRepresentation.General || QualityPredictor is null,
            nameof(QualityPredictor),
            "Head boxRepresentation dirac has no distribution for a qualityPredictor to read; use one of the two.");
        OptionGuard.Require(
            !TaskAligned || (Towers == HeadTowers.Shared && PerLevelWeights && StackedConvs > 0),
            nameof(TaskAligned),
            "Head taskAligned needs towers: shared, perLevelWeights: true and at least one of stackedConvs, as in PicoDet.");
        QualityPredictor?.Validate(RegMax);
    }
}
