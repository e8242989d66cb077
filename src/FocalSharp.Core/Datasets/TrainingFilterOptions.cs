namespace FocalSharp.Datasets;

/// <summary>What training leaves out.</summary>
public sealed record TrainingFilterOptions
{
    /// <summary>Leave out images without an annotation (official <c>filter_empty_gt</c>: true).</summary>
    public bool FilterEmpty { get; init; } = true;

    /// <summary>Leave out images whose shorter side is below this many pixels (official <c>min_size</c>: 32).</summary>
    public int MinSize { get; init; } = 32;
}
