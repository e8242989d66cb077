namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>The norm and activation after a convolution.</summary>
/// <param name="Norm">Kind of the norm.</param>
/// <param name="NormGroups">Number of groups of a group norm.</param>
/// <param name="NegativeSlope">Slope of the activation below 0: 0 is ReLU (NanoDet-g: 0.1).</param>
/// <param name="Activation">Kind of the activation.</param>
internal sealed record ConvBlockOptions(
    NormKind Norm, int NormGroups = 1, double NegativeSlope = 0, ActivationKind Activation = ActivationKind.Relu);
