namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>Settings of the feature pyramid.</summary>
public sealed record NeckOptions
{
    /// <summary>Which pyramid (official: FPN; NanoDet: PAN).</summary>
    public NeckKind Kind { get; init; } = NeckKind.Fpn;

    /// <summary>Channels of every level (official: 256; NanoDet-g: 128).</summary>
    public int Channels { get; init; } = 256;

    /// <summary>First backbone stage used: 0 is C2 (stride 4), 1 is C3 (stride 8, official).</summary>
    public int StartLevel { get; init; } = 1;

    /// <summary>Number of levels; those beyond the backbone's are stride-2 convolutions on the output (official: 5).</summary>
    public int Levels { get; init; } = 5;

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate(int stages)
    {
        if (Channels is < 1 or > 4096)
        {
            throw new FocalSharpException($"neck channels {Channels} must lie within 1 to 4096; official: 256");
        }

        if (StartLevel < 0 || StartLevel >= stages)
        {
            throw new FocalSharpException($"neck start level {StartLevel} must lie within 0 (stride 4) to {stages - 1}; official: 1");
        }

        if (Levels < stages - StartLevel || Levels > 8)
        {
            throw new FocalSharpException(
                $"neck levels {Levels} must lie within {stages - StartLevel} (one for each backbone stage from start level {StartLevel}) to 8");
        }
    }
}
