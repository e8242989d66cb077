namespace FocalSharp.Assignment;

/// <summary>Settings of <see cref="SimOtaAssigner"/>. The defaults are those of PicoDet's first generation.</summary>
internal sealed record SimOtaOptions : AssignerOptions
{
    /// <inheritdoc/>
    public override string Kind => "simOta";

    /// <summary>Gets the number of best overlaps whose sum decides how many positives an object gets (PicoDet: 10).</summary>
    public int TopK { get; init; } = 10;

    /// <summary>Gets the weight of the box cost, 1 − GIoU (PicoDet: 6).</summary>
    public double IouWeight { get; init; } = 6;

    /// <summary>Gets the weight of the class cost, the varifocal loss (PicoDet: 1).</summary>
    public double ClassWeight { get; init; } = 1;

    /// <summary>Gets half the side of the square around an object's center, in strides (PicoDet: 2.5).</summary>
    public double CenterRadius { get; init; } = 2.5;

    /// <inheritdoc/>
    public override void Validate()
    {
        Require(TopK is >= 1 and <= 10_000, nameof(TopK), $"Assigner topK is {TopK}; it must be 1 to 10000 (PicoDet: 10).");
        Require(IouWeight is >= 0 and <= 1000, nameof(IouWeight), $"Assigner iouWeight is {IouWeight}; it must be 0 to 1000 (PicoDet: 6).");
        Require(ClassWeight is >= 0 and <= 1000, nameof(ClassWeight), $"Assigner classWeight is {ClassWeight}; it must be 0 to 1000 (PicoDet: 1).");
        Require(CenterRadius is > 0 and <= 1000, nameof(CenterRadius), $"Assigner centerRadius is {CenterRadius}; it must be above 0 and at most 1000 (PicoDet: 2.5).");
    }

    private static void Require(bool valid, string name, string message)
    {
        if (!valid)
        {
            throw new OptionException(message) { OptionName = name };
        }
    }
}
