namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>
/// Settings of NanoDet's path aggregation network: sums top-down and bottom-up again, without output convolutions.
/// </summary>
public sealed record PanOptions : NeckOptions
{
    /// <inheritdoc/>
    public override string Kind => "pan";
}
