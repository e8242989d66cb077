using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>Multiplies by one learnable number, initially 1, so that the levels of a pyramid can share a head.</summary>
internal sealed class Scale : nn.Module<Tensor, Tensor>, IOnnxModule<OnnxValue, OnnxValue>
{
    /// <summary>Creates the layer with the factor 1.</summary>
    public Scale()
        : base(nameof(Scale))
    {
        register_parameter("scale", nn.Parameter(ones([])));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input * get_parameter("scale")!;

    OnnxValue IOnnxModule<OnnxValue, OnnxValue>.Emit(OnnxGraph graph, OnnxValue input) =>
        graph.Mul(input, graph.Float32Weight($"{graph.PathOf(this)}.scale", OnnxGraph.ReadValues(get_parameter("scale")!)));
}
