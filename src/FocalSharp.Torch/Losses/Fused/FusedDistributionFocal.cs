using FocalSharp.Losses.Vectorized;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>Reduced Distribution Focal Loss of rows of logits, loss and gradient in one pass of managed code on all cores.</summary>
internal sealed class FusedDistributionFocal : autograd.SingleTensorFunction<FusedDistributionFocal>
{
    private const int Portion = 1 << 10;

    /// <inheritdoc/>
    public override string Name => nameof(FusedDistributionFocal);

    /// <summary>The sum over rows of factor times loss, a scalar with gradient.</summary>
    /// <param name="prediction">Logits <c>[N, n+1]</c> that <see cref="NativeFloats.Fits"/>.</param>
    /// <param name="targets">Distances in bins, in [0, n].</param>
    /// <param name="factors">Factors of the rows.</param>
    public static Tensor Apply(Tensor prediction, float[] targets, RowFactors factors) => apply(prediction, targets, factors);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor prediction = ((Tensor)vars[0]).contiguous();
        float[] targets = (float[])vars[1];
        RowFactors factors = (RowFactors)vars[2];
        Tensor gradient = empty_like(prediction);
        int bins = (int)prediction.size(1);
        NativeFloats logits = new(prediction);
        NativeFloats slopes = new(gradient);
        double[] sums = new double[(targets.Length + Portion - 1) / Portion];
        Parallel.For(0, sums.Length, portion =>
        {
            int first = portion * Portion;
            int count = Math.Min(Portion, targets.Length - first);
            sums[portion] = DistributionFocalRows.Evaluate(
                logits.Slice(first * bins, count * bins),
                targets.AsSpan(first, count),
                factors.Rows is null ? [] : factors.Rows.AsSpan(first, count),
                factors.Common,
                slopes.Slice(first * bins, count * bins));
        });
        ctx.save_for_backward([gradient]);
        return tensor((float)sums.Sum());
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [FusedGradient.Times(ctx.get_saved_variables()[0], grad_output), null!, null!];
}
