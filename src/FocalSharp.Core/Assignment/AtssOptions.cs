namespace FocalSharp.Assignment;

/// <summary>Settings of <see cref="AtssAssigner"/>.</summary>
public sealed record AtssOptions
{
    /// <summary>Nearest anchors of each level that are candidates of an object (ATSS paper and official configs: 9).</summary>
    public int TopK { get; init; } = 9;

    /// <summary>
    /// Anchors that an ignored box covers by more than this share of their own area are neither positive nor negative;
    /// −1 turns it off (official default).
    /// </summary>
    public double IgnoreIofThreshold { get; init; } = -1;
}
