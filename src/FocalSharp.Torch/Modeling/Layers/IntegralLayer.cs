using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// The expectation of a side's distribution (paper, eq. 4): the softmax of the logits over the bins 0 to n gives the distance in
/// strides.
/// </summary>
internal sealed class IntegralLayer : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the layer for the bins 0 to <paramref name="regMax"/>.</summary>
    public IntegralLayer(int regMax)
        : base(nameof(IntegralLayer))
    {
        register_buffer("project", arange(0, regMax + 1, dtype: ScalarType.Float32));
    }

    /// <summary>Computes distances <c>[…, 4]</c> in strides (left, top, right, bottom) from logits <c>[…, 4·(n+1)]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor project = get_buffer("project")!;
        long[] shape = input.shape;
        Tensor bins = input.reshape([.. shape[..^1], 4, project.shape[0]]);
        return scope.MoveToOuter(bins.softmax(-1).matmul(project));
    }
}
