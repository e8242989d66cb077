namespace FocalSharp.Torch.Necks;

/// <summary>Settings of the feature pyramid network.</summary>
public sealed record NeckOptions
{
    /// <summary>Channels of every level (official: 256).</summary>
    public int Channels { get; init; } = 256;

    /// <summary>First backbone stage used: 0 is C2 (stride 4), 1 is C3 (stride 8, official).</summary>
    public int StartLevel { get; init; } = 1;

    /// <summary>Number of levels; those beyond the backbone's are stride-2 convolutions on the output (official: 5).</summary>
    public int Levels { get; init; } = 5;
}
