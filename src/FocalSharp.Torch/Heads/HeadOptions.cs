namespace FocalSharp.Torch.Heads;

/// <summary>Settings of the GFL head and its anchors.</summary>
public sealed record HeadOptions
{
    /// <summary>Channels of the towers (official: 256).</summary>
    public int Channels { get; init; } = 256;

    /// <summary>3x3 convolutions in each of the two towers (official: 4).</summary>
    public int StackedConvs { get; init; } = 4;

    /// <summary>Groups of the towers' GroupNorm (official: 32).</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>Highest bin n of each side's distribution, in strides: n+1 bins (paper table 3b: n = 16; official: 16).</summary>
    public int RegMax { get; init; } = 16;

    /// <summary>Pixels between the locations of each level (official: 8 to 128).</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64, 128];

    /// <summary>Side of the square anchor in strides (official octave base scale: 8).</summary>
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
    /// <exception cref="UserErrorException">One is.</exception>
    internal void Validate()
    {
        Check(Channels is >= 1 and <= 4096, $"head channels {Channels} must lie within 1 to 4096; official: 256");
        Check(StackedConvs is >= 0 and <= 16, $"head stacked convs {StackedConvs} must lie within 0 to 16; official: 4");
        Check(NormGroups >= 1 && Channels % NormGroups == 0,
            $"head channels {Channels} must be a multiple of the norm groups {NormGroups}; set both, as 256 and 32");
        Check(RegMax is >= 1 and <= 256, $"head reg max {RegMax} must lie within 1 to 256; official: 16");
        Check(Strides.Count >= 1 && Strides.All(stride => stride >= 1), "head strides must be at least one positive number");
        Check(AnchorScale >= 1, $"head anchor scale {AnchorScale} must be at least 1; official: 8");
        Check(CenterOffset is >= 0 and < 1, $"head center offset {CenterOffset} must lie within 0 to 1; official: 0");
        Check(PriorProbability is > 0 and < 1, $"head prior probability {PriorProbability} must lie between 0 and 1; official: 0.01");
        QualityPredictor?.Validate(RegMax);

        static void Check(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new UserErrorException(otherwise);
            }
        }
    }
}
