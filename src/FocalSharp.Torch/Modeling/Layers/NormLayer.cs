using FocalSharp.Torch.Onnx.Graph;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>Creates and exports the norm after a convolution.</summary>
internal static class NormLayer
{
    /// <summary>Returns mmdetection's name of the norm: <c>bn</c> or <c>gn</c>.</summary>
    public static string NameOf(NormKind kind) => kind == NormKind.Group ? "gn" : "bn";

    /// <summary>Creates a norm with scale 1 and shift 0; null for none.</summary>
    /// <param name="kind">Kind of the norm.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="groups">Number of groups of a group norm; it must divide the channels.</param>
    /// <param name="epsilon">Added to the variance of a batch norm.</param>
    /// <param name="momentum">Weight of a batch in the running statistics of a batch norm.</param>
    public static nn.Module<Tensor, Tensor>? Create(NormKind kind, long channels, int groups, double epsilon = 1e-5, double momentum = 0.1)
    {
        switch (kind)
        {
            case NormKind.Group:
                GroupNorm group = nn.GroupNorm(groups, channels);

                // TorchSharp 0.107 does not initialize these.
                Initialization.Constant(group.weight!, 1);
                Initialization.Constant(group.bias!, 0);
                return group;
            case NormKind.Batch:
                return nn.BatchNorm2d(channels, epsilon, momentum);
            case NormKind.None:
                return null;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "The norm is unknown.");
        }
    }

    /// <summary>
    /// Emits a group norm as an instance norm over its groups, which every opset has: <c>[B, C, H, W]</c> is reshaped to
    /// <c>[B, groups, rest]</c>.
    /// </summary>
    public static OnnxValue Emit(OnnxGraph graph, GroupNorm layer, OnnxValue x)
    {
        string path = graph.PathOf(layer);
        int groups = (int)layer.num_groups;
        float[] scale = OnnxGraph.ReadValues(layer.weight!);
        float[] shift = OnnxGraph.ReadValues(layer.bias!);
        using (graph.BeginScope(path))
        {
            float[] ones = new float[groups];
            Array.Fill(ones, 1f);
            OnnxValue grouped = graph.Node(
                "InstanceNormalization",
                [graph.Reshape(x, 0, groups, -1), graph.Weight($"ones.{groups}", ones, groups), graph.Weight($"zeros.{groups}", new float[groups], groups)],
                ("epsilon", (float)layer.eps));
            OnnxValue whole = graph.ReshapeTo(grouped, graph.Shape(x));
            OnnxValue scaled = graph.Mul(whole, graph.Weight($"{path}.weight", scale, scale.Length, 1, 1));
            return graph.Add(scaled, graph.Weight($"{path}.bias", shift, shift.Length, 1, 1));
        }
    }
}
