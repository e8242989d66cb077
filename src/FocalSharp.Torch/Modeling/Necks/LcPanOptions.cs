namespace FocalSharp.Torch.Modeling.Necks;

/// <summary>Settings of LC-PAN, the neck of PicoDet's second generation. The defaults are those of PicoDet-S, with batch norms.</summary>
internal sealed record LcPanOptions : ConcatPanOptions
{
    /// <inheritdoc/>
    public override string Kind => "lcPan";
}
