namespace FocalSharp.Datasets;

/// <summary>Options of <see cref="TrainingFilter"/>.</summary>
internal sealed record TrainingFilterOptions
{
    /// <summary>Gets whether images without annotations are removed (official <c>filter_empty_gt</c>: true).</summary>
    public bool FilterEmpty { get; init; } = true;

    /// <summary>Gets the shorter side in pixels below which an image is removed (official <c>min_size</c>: 32).</summary>
    public int MinSize { get; init; } = 32;
}
