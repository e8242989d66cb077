using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>The norm and activation after a convolution.</summary>
/// <param name="Norm">Kind of the norm.</param>
/// <param name="NormGroups">Number of groups of a group norm.</param>
/// <param name="NegativeSlope">Slope of the activation below 0: 0 is ReLU (NanoDet-g: 0.1).</param>
/// <param name="Activation">Kind of the activation.</param>
/// <param name="NormEpsilon">Added to the variance of a batch norm (PyTorch: 1e-5; EfficientNet-Lite: 1e-3).</param>
/// <param name="NormMomentum">Weight of a batch in the running statistics of a batch norm (PyTorch: 0.1; EfficientNet-Lite: 0.01).</param>
internal sealed record ConvBlockOptions(
    NormKind Norm,
    int NormGroups = 1,
    double NegativeSlope = 0,
    ActivationKind Activation = ActivationKind.Relu,
    double NormEpsilon = 1e-5,
    double NormMomentum = 0.1)
{
    /// <summary>Creates the norm after a convolution, with scale 1 and shift 0; null for none.</summary>
    /// <param name="channels">Number of channels.</param>
    public nn.Module<Tensor, Tensor>? CreateNorm(long channels) => NormLayer.Create(Norm, channels, NormGroups, NormEpsilon, NormMomentum);
}
