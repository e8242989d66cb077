using FocalSharp.Torch.Onnx.Graph;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>Computes and exports activations.</summary>
internal static class Activation
{
    /// <summary>Computes an activation; the input is overwritten where autograd allows it.</summary>
    /// <param name="x">An intermediate map that nothing else reads.</param>
    /// <param name="kind">The activation.</param>
    /// <param name="negativeSlope">Slope of ReLU below 0.</param>
    public static Tensor Compute(Tensor x, ActivationKind kind, double negativeSlope) => kind switch
    {
        ActivationKind.None => x,
        ActivationKind.HardSwish => nn.functional.hardswish(x, inplace: !is_grad_enabled()), // its gradient needs the input
        ActivationKind.Relu6 => nn.functional.relu6(x, inplace: true),
        _ => negativeSlope == 0 ? x.relu_() : nn.functional.leaky_relu(x, negativeSlope, inplace: true),
    };

    /// <summary>Emits an activation.</summary>
    public static OnnxValue Emit(OnnxGraph graph, OnnxValue x, ActivationKind kind, double negativeSlope) => kind switch
    {
        ActivationKind.None => x,
        ActivationKind.HardSwish => graph.HardSwish(x),
        ActivationKind.Relu6 => graph.Relu6(x),
        _ => graph.Relu(x, negativeSlope),
    };
}
