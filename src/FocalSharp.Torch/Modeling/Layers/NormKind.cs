namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>The norms that can follow a convolution.</summary>
public enum NormKind
{
    /// <summary>No norm; the convolution has a bias. Also for networks whose batch norm was folded into their weights.</summary>
    None,

    /// <summary>Group normalization (official GFL head).</summary>
    Group,

    /// <summary>Batch normalization (ResNets; NanoDet when trained from scratch).</summary>
    Batch,
}
