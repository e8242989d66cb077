namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>
/// Settings of a head: its distributions and anchors. The kinds are <see cref="GflHeadOptions"/> and those that a program adds
/// with <see cref="Heads.Register"/>.
/// </summary>
public abstract record HeadOptions
{
    /// <summary>Gets the name of the head in recipes and model files, for example <c>gfl</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>
    /// Gets the highest bin n of each side's distribution, in strides; there are n + 1 bins (paper table 3b and official: 16).
    /// </summary>
    public int RegMax { get; init; } = 16;

    /// <summary>
    /// Gets the pixels between neighboring locations of each level, finest first (official: 8, 16, 32, 64, 128).
    /// </summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64, 128];

    /// <summary>Gets the side of the square anchor in strides (official octave base scale: 8; NanoDet: 5).</summary>
    public int AnchorScale { get; init; } = 8;

    /// <summary>
    /// Gets the position of a location's center in its cell, in strides: 0 puts it at <c>x·s</c> (official), 0.5 at
    /// <c>(x + 0.5)·s</c> (NanoDet).
    /// </summary>
    public double CenterOffset { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionException">An option is out of range, or conflicts with another.</exception>
    public virtual void Validate()
    {
        OptionGuard.Require(RegMax is >= 1 and <= 256, nameof(RegMax), $"Head regMax is {RegMax}; it must be 1 to 256 (official: 16).");
        OptionGuard.Require(
            Strides.Count >= 1 && Strides.All(stride => stride >= 1), nameof(Strides), "Head strides must be at least one positive number.");
        OptionGuard.Require(AnchorScale >= 1, nameof(AnchorScale), $"Head anchorScale is {AnchorScale}; it must be at least 1 (official: 8).");
        OptionGuard.Require(CenterOffset is >= 0 and < 1, nameof(CenterOffset), $"Head centerOffset is {CenterOffset}; it must be 0 to below 1 (official: 0).");
    }
}
