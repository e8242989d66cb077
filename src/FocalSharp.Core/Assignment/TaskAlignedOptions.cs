namespace FocalSharp.Assignment;

/// <summary>Settings of <see cref="TaskAlignedAssigner"/>. The defaults are those of PicoDet's second generation.</summary>
internal sealed record TaskAlignedOptions : AssignerOptions
{
    /// <inheritdoc/>
    public override string Kind => "taskAligned";

    /// <summary>Gets the number of candidates of an object (PicoDet: 13).</summary>
    public int TopK { get; init; } = 13;

    /// <summary>Gets the exponent of the class probability (PicoDet: 1).</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Gets the exponent of the IoU (PicoDet: 6).</summary>
    public double Beta { get; init; } = 6;

    /// <summary>Gets the fraction of the training, at its start, in which ATSS assigns (PicoDet: 100 of 300 epochs).</summary>
    public double StaticFraction { get; init; } = 1.0 / 3;

    /// <summary>Gets the number of nearest anchors per level that ATSS chooses from (PicoDet: 9).</summary>
    public int StaticTopK { get; init; } = 9;

    /// <inheritdoc/>
    public override void Validate()
    {
        Require(TopK is >= 1 and <= 10_000, nameof(TopK), $"Assigner topK is {TopK}; it must be 1 to 10000 (PicoDet: 13).");
        Require(Alpha is >= 0 and <= 100, nameof(Alpha), $"Assigner alpha is {Alpha}; it must be 0 to 100 (PicoDet: 1).");
        Require(Beta is >= 0 and <= 100, nameof(Beta), $"Assigner beta is {Beta}; it must be 0 to 100 (PicoDet: 6).");
        Require(StaticFraction is >= 0 and <= 1, nameof(StaticFraction), $"Assigner staticFraction is {StaticFraction}; it must be 0 to 1 (PicoDet: 1/3).");
        Require(StaticTopK is >= 1 and <= 10_000, nameof(StaticTopK), $"Assigner staticTopK is {StaticTopK}; it must be 1 to 10000 (PicoDet: 9).");
    }

    private static void Require(bool valid, string name, string message)
    {
        if (!valid)
        {
            throw new OptionException(message) { OptionName = name };
        }
    }
}
