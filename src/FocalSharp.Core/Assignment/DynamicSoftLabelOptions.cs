namespace FocalSharp.Assignment;

/// <summary>Settings of <see cref="DynamicSoftLabelAssigner"/>.</summary>
public sealed record DynamicSoftLabelOptions : AssignerOptions
{
    /// <inheritdoc/>
    public override string Kind => "dynamicSoftLabel";

    /// <summary>Gets the number of best overlaps whose sum decides how many positives an object gets (NanoDet-Plus: 13).</summary>
    public int TopK { get; init; } = 13;

    /// <summary>Gets the weight of the IoU cost relative to the class cost (NanoDet-Plus: 3).</summary>
    public double IouFactor { get; init; } = 3;
}
