using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// The expectation of a side's distribution (paper eq. 4): logits over the bins 0..n, softmaxed and averaged, give the distance
/// in strides.
/// </summary>
public sealed class IntegralLayer : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes the layer for bins 0..<paramref name="regMax"/>.</summary>
    public IntegralLayer(int regMax)
        : base(nameof(IntegralLayer))
    {
        register_buffer("project", arange(0, regMax + 1, dtype: ScalarType.Float32));
    }

    /// <summary>Logits <c>[…, 4·(n+1)]</c> to distances <c>[…, 4]</c> in strides, sides left, top, right, bottom.</summary>
    public override Tensor forward(Tensor input)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor project = get_buffer("project")!;
        long[] shape = input.shape;
        Tensor bins = input.reshape([.. shape[..^1], 4, project.shape[0]]);
        return scope.MoveToOuter(bins.softmax(-1).matmul(project));
    }
}
