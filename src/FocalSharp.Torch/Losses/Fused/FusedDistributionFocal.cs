using FocalSharp.Losses.Vectorized;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>
/// Reduced Distribution Focal Loss of rows of logits: loss and gradient in one multithreaded pass of managed code.
/// </summary>
internal sealed class FusedDistributionFocal : autograd.SingleTensorFunction<FusedDistributionFocal>
{
    private const int ChunkSize = 1 << 10;

    /// <inheritdoc/>
    public override string Name => nameof(FusedDistributionFocal);

    /// <summary>Computes the sum over rows of factor times loss, a scalar with gradient.</summary>
    /// <param name="prediction">Logits <c>[N, n+1]</c> that <see cref="NativeFloat32.Supports"/>.</param>
    /// <param name="targets">Distances in bins, in [0, n].</param>
    /// <param name="factors">Factors of the rows.</param>
    public static Tensor Apply(Tensor prediction, float[] targets, RowLossScale factors) => apply(prediction, targets, factors);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor prediction = ((Tensor)vars[0]).contiguous();
        float[] targets = (float[])vars[1];
        RowLossScale factors = (RowLossScale)vars[2];
        Tensor gradient = empty_like(prediction);
        int bins = (int)prediction.size(1);
        NativeFloat32 logits = new(prediction);
        NativeFloat32 slopes = new(gradient);
        double[] sums = new double[(targets.Length + ChunkSize - 1) / ChunkSize];
        Parallel.For(0, sums.Length, chunk =>
        {
            int first = chunk * ChunkSize;
            int count = Math.Min(ChunkSize, targets.Length - first);
            sums[chunk] = DistributionFocalRows.Evaluate(
                logits.Slice(first * bins, count * bins),
                targets.AsSpan(first, count),
                factors.PerRow is null ? [] : factors.PerRow.AsSpan(first, count),
                factors.Common,
                slopes.Slice(first * bins, count * bins));
        });
        ctx.save_for_backward([gradient]);
        return tensor((float)sums.Sum());
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [.. FusedGradient.Compute(ctx, [grad_output], (saved, upstream) => [FusedGradient.Scale(saved[0], upstream[0])]), null!, null!];
}
