using TorchSharp.Modules;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>A module that contains convolutions followed by a batch norm each.</summary>
internal interface INormedConvs
{
    /// <summary>Gets the pairs.</summary>
    IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> NormedConvs { get; }
}
