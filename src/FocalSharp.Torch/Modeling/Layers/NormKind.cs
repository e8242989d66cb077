namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>The normalisations that can follow a convolution.</summary>
public enum NormKind
{
    /// <summary>None; the convolution has a bias. Also nets whose batch norm was folded into their weights.</summary>
    None,

    /// <summary>Group normalisation (official GFL head).</summary>
    Group,

    /// <summary>Batch normalisation (NanoDet, when trained from scratch).</summary>
    Batch,
}
