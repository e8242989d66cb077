namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>The activations that can follow a convolution and its norm.</summary>
internal enum ActivationKind
{
    /// <summary>ReLU, or LeakyReLU if a slope below 0 is given (official GFL; NanoDet).</summary>
    Relu,

    /// <summary>Hard-swish, <c>x · clip(x + 3, 0, 6) / 6</c> (arXiv 1905.02244; PicoDet).</summary>
    HardSwish,

    /// <summary>ReLU up to 6, <c>clip(x, 0, 6)</c> (MobileNets; EfficientNet-Lite).</summary>
    Relu6,

    /// <summary>No activation.</summary>
    None,
}
