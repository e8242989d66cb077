namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>The feature pyramids there are.</summary>
public enum NeckKind
{
    /// <summary>Top-down sums and 3x3 outputs (official GFL); see <see cref="FocalSharp.Torch.Modeling.Necks.Fpn"/>.</summary>
    Fpn,

    /// <summary>Sums top-down and bottom-up again (NanoDet); see <see cref="FocalSharp.Torch.Modeling.Necks.Pan"/>.</summary>
    Pan,
}
