namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>What follows a convolution.</summary>
/// <param name="Norm">The normalisation.</param>
/// <param name="NormGroups">Groups of a group normalisation.</param>
/// <param name="NegativeSlope">Slope of the activation below 0: 0 is ReLU, 0.1 NanoDet-g's LeakyReLU.</param>
public sealed record ConvBlockOptions(NormKind Norm, int NormGroups = 1, double NegativeSlope = 0);
