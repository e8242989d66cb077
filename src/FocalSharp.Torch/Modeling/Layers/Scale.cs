using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>Multiplies by one learnable number, 1 at first: what lets the levels of a pyramid share a head.</summary>
public sealed class Scale : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    /// <summary>Makes the layer with the factor 1.</summary>
    public Scale()
        : base(nameof(Scale))
    {
        register_parameter("scale", nn.Parameter(ones([])));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input * get_parameter("scale")!;

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) =>
        graph.Mul(input, graph.Float32Weight($"{graph.PathOf(this)}.scale", OnnxLayers.ToFloatArray(get_parameter("scale")!)));
}
