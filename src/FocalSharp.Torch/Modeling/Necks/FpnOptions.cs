namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// Settings of a feature pyramid network (arXiv 1612.03144), the official GFL neck: top-down sums and 3x3 output convolutions.
/// </summary>
public sealed record FpnOptions : NeckOptions
{
    /// <inheritdoc/>
    public override string Kind => "fpn";
}
