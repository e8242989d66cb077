using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>Settings of the GFL head and its anchors.</summary>
public sealed record HeadOptions
{
    /// <summary>Channels of the towers (official: 256).</summary>
    public int Channels { get; init; } = 256;

    /// <summary>3x3 convolutions in each of the two towers (official: 4).</summary>
    public int StackedConvs { get; init; } = 4;

    /// <summary>Side of the towers' kernels, odd (official: 3).</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Side of the last convolutions' kernels, odd (official: 3; NanoDet: 1).</summary>
    public int OutputKernel { get; init; } = 3;

    /// <summary>Whether classes and sides climb a tower each (official) or one together (NanoDet).</summary>
    public HeadTowers Towers { get; init; } = HeadTowers.Separate;

    /// <summary>Whether each level has weights of its own (NanoDet), in place of shared ones with a scale a level (official).</summary>
    public bool PerLevelWeights { get; init; }

    /// <summary>Whether the towers' convolutions are split into depthwise and 1x1 ones (NanoDet-m; official: no).</summary>
    public bool Depthwise { get; init; }

    /// <summary>Normalisation in the towers (official: group; NanoDet: batch, or none once folded into the weights).</summary>
    public NormKind Norm { get; init; } = NormKind.Group;

    /// <summary>Slope of the towers' activations below 0 (official: 0, ReLU; NanoDet: 0.1).</summary>
    public double NegativeSlope { get; init; }

    /// <summary>Groups of the towers' GroupNorm (official: 32).</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>How a box side is modelled (official: a general distribution).</summary>
    public BoxRepresentation BoxRepresentation { get; init; } = BoxRepresentation.General;

    /// <summary>Highest bin n of each side's distribution, in strides: n+1 bins (paper table 3b: n = 16; official: 16).</summary>
    public int RegMax { get; init; } = 16;

    /// <summary>Pixels between the locations of each level (official: 8 to 128).</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64, 128];

    /// <summary>Side of the square anchor in strides (official octave base scale: 8; NanoDet: 5).</summary>
    public int AnchorScale { get; init; } = 8;

    /// <summary>
    /// Where a location's centre lies in its cell, in strides: 0 at <c>x·s</c> (official), 0.5 at <c>(x + 0.5)·s</c> (NanoDet).
    /// </summary>
    public double CenterOffset { get; init; }

    /// <summary>Class probability that the classifier's bias starts from (paper of focal loss: 0.01; official: 0.01).</summary>
    public double PriorProbability { get; init; } = 0.01;

    /// <summary>GFLv2's Distribution-Guided Quality Predictor, or null for GFL.</summary>
    public QualityPredictorOptions? QualityPredictor { get; init; }

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate()
    {
        OptionException.ThrowUnless(Channels is >= 1 and <= 4096, $"head channels {Channels} must lie within 1 to 4096; official: 256");
        OptionException.ThrowUnless(StackedConvs is >= 0 and <= 16, $"head stacked convs {StackedConvs} must lie within 0 to 16; official: 4");
        OptionException.ThrowUnless(Kernel is >= 1 and <= 15 && Kernel % 2 == 1, $"head kernel {Kernel} must be odd and at most 15; official: 3");
        OptionException.ThrowUnless(OutputKernel is >= 1 and <= 15 && OutputKernel % 2 == 1, $"head output kernel {OutputKernel} must be odd and at most 15; official: 3");
        OptionException.ThrowUnless(NegativeSlope is >= 0 and < 1, $"head negative slope {NegativeSlope} must lie within 0 (ReLU) to below 1; official: 0");
        OptionException.ThrowUnless(Norm != NormKind.Group || (NormGroups >= 1 && Channels % NormGroups == 0),
            $"head channels {Channels} must be a multiple of the norm groups {NormGroups}; set both, as 256 and 32");
        OptionException.ThrowUnless(RegMax is >= 1 and <= 256, $"head reg max {RegMax} must lie within 1 to 256; official: 16");
        OptionException.ThrowUnless(Strides.Count >= 1 && Strides.All(stride => stride >= 1), "head strides must be at least one positive number");
        OptionException.ThrowUnless(AnchorScale >= 1, $"head anchor scale {AnchorScale} must be at least 1; official: 8");
        OptionException.ThrowUnless(CenterOffset is >= 0 and < 1, $"head center offset {CenterOffset} must lie within 0 to 1; official: 0");
        OptionException.ThrowUnless(PriorProbability is > 0 and < 1, $"head prior probability {PriorProbability} must lie between 0 and 1; official: 0.01");
        OptionException.ThrowUnless(BoxRepresentation == BoxRepresentation.General || QualityPredictor is null, "head sides dirac have no distribution that a quality predictor could read; leave one of the two");
        QualityPredictor?.Validate(RegMax);
    }
}
