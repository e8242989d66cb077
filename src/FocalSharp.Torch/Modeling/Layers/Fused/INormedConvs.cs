using TorchSharp.Modules;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>A module that holds convolutions each followed by its own batch norm.</summary>
internal interface INormedConvs
{
    /// <summary>The pairs.</summary>
    IEnumerable<(ConvLayer Conv, BatchNorm2d Norm)> NormedConvs { get; }
}
