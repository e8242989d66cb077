namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// Settings of a neck. The kinds are <see cref="FpnOptions"/>, <see cref="PanOptions"/>, <see cref="GhostPanOptions"/>, and
/// those that a program adds with <see cref="Necks.Register"/>.
/// </summary>
public abstract record NeckOptions
{
    /// <summary>Gets the name of the neck in recipes and model files, for example <c>fpn</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Gets the channels of every level (official: 256; NanoDet-g: 128).</summary>
    public int Channels { get; init; } = 256;

    /// <summary>Gets the index of the first feature map used: 0 is C2 (stride 4), 1 is C3 (stride 8, official).</summary>
    public int StartLevel { get; init; } = 1;

    /// <summary>
    /// Gets the number of levels; those beyond the backbone's feature maps are stride-2 convolutions on the last one (official:
    /// 5).
    /// </summary>
    public int Levels { get; init; } = 5;

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public virtual void Validate()
    {
        OptionGuard.Require(Channels is >= 1 and <= 4096, nameof(Channels), $"Neck channels is {Channels}; it must be 1 to 4096 (official: 256).");
        OptionGuard.Require(StartLevel >= 0, nameof(StartLevel), $"Neck startLevel is {StartLevel}; it must be 0 (stride 4) or more (official: 1).");
        OptionGuard.Require(Levels is >= 1 and <= 8, nameof(Levels), $"Neck levels is {Levels}; it must be 1 to 8 (official: 5).");
    }
}
