namespace FocalSharp.Torch.Detectors;

/// <summary>Settings of assignment and losses.</summary>
public sealed record GflLossOptions
{
    /// <summary>Which assignment (official: ATSS; NanoDet-Plus: dynamic soft labels).</summary>
    public AssignerKind Assigner { get; init; } = AssignerKind.Atss;

    /// <summary>ATSS: nearest anchors per level and ground truth that are candidates (official: 9).</summary>
    public int AssignerTopK { get; init; } = 9;

    /// <summary>QFL's β (paper table 1d: 2).</summary>
    public double Beta { get; init; } = 2;

    /// <summary>Weight of the Quality Focal Loss (official: 1).</summary>
    public double QualityWeight { get; init; } = 1;

    /// <summary>Weight of the Distribution Focal Loss (paper: 1/4; official: 0.25).</summary>
    public double DistributionWeight { get; init; } = 0.25;

    /// <summary>Weight of the GIoU loss (paper: 2; official: 2).</summary>
    public double BoxWeight { get; init; } = 2;
}
