namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>Settings of CSP-PAN, the neck of PicoDet's first generation. The defaults are those of PicoDet-S, with batch norms.</summary>
internal sealed record CspPanOptions : ConcatPanOptions
{
    /// <inheritdoc/>
    public override string Kind => "cspPan";
}
