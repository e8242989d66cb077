namespace FocalSharp.Models.Catalog;

/// <summary>Figures by which one chooses a model.</summary>
/// <param name="AP">The published AP on COCO val2017, in percent.</param>
/// <param name="Width">Width of the input in pixels.</param>
/// <param name="Height">Height of the input in pixels.</param>
/// <param name="Parameters">Number of parameters, in millions.</param>
/// <param name="MultiplyAdds">Multiply-adds of the convolutions for one input, in billions (<see cref="Torch.Detectors.NetworkCost"/>).</param>
internal sealed record ModelFigures(double AP, int Width, int Height, double Parameters, double MultiplyAdds);
