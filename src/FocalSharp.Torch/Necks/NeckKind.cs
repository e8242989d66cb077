namespace FocalSharp.Torch.Necks;

/// <summary>The feature pyramids there are.</summary>
public enum NeckKind
{
    /// <summary>Top-down sums and 3x3 outputs (official GFL); see <see cref="Necks.Fpn"/>.</summary>
    Fpn,

    /// <summary>Sums top-down and bottom-up again (NanoDet); see <see cref="Necks.Pan"/>.</summary>
    Pan,
}
