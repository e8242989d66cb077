namespace FocalSharp.Assignment;

/// <summary>Settings of <see cref="AtssAssigner"/>.</summary>
public sealed record AtssOptions : AssignerOptions
{
    /// <inheritdoc/>
    public override string Kind => "atss";

    /// <summary>Gets the number of nearest anchors per level that are candidates of an object (ATSS paper and official configs: 9).</summary>
    public int TopK { get; init; } = 9;

    /// <summary>
    /// Gets the share of an anchor's area, between 0 and 1, above which an ignored box makes it neither positive nor negative;
    /// −1 turns ignoring off (official default).
    /// </summary>
    public double IgnoreIofThreshold { get; init; } = -1;
}
