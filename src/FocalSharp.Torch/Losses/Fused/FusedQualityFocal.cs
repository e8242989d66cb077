using FocalSharp.Losses;
using FocalSharp.Losses.Vectorized;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>
/// Reduced Quality Focal Loss of rows of logits: loss and gradient in one multithreaded pass of managed code. Operators read and
/// write the matrix a dozen times.
/// </summary>
internal sealed class FusedQualityFocal : autograd.SingleTensorFunction<FusedQualityFocal>
{
    // Elements per work item: small compared with a core's cache, large compared with the scheduling cost.
    private const int ChunkSize = 1 << 15;

    /// <inheritdoc/>
    public override string Name => nameof(FusedQualityFocal);

    /// <summary>Computes the sum over rows of factor times loss, a scalar with gradient.</summary>
    /// <param name="prediction">Logits <c>[N, C]</c> that <see cref="NativeFloat32.Supports"/>.</param>
    /// <param name="labels">Class of each row; outside [0, C) is background.</param>
    /// <param name="qualities">Quality of each row's class.</param>
    /// <param name="beta">β.</param>
    /// <param name="factors">Factors of the rows.</param>
    public static Tensor Apply(Tensor prediction, long[] labels, float[] qualities, double beta, RowLossScale factors) =>
        apply(prediction, labels, qualities, (float)beta, factors);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor prediction = ((Tensor)vars[0]).contiguous();
        Tensor gradient = empty_like(prediction);
        double loss = Compute(prediction, gradient, (long[])vars[1], (float[])vars[2], (float)vars[3], (RowLossScale)vars[4]);
        ctx.save_for_backward([gradient]);
        return tensor((float)loss);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [.. FusedGradient.Compute(ctx, [grad_output], (saved, upstream) => [FusedGradient.Scale(saved[0], upstream[0])]), null!, null!, null!, null!];

    private static double Compute(Tensor prediction, Tensor gradient, long[] labels, float[] qualities, float beta, RowLossScale factors)
    {
        int classes = (int)prediction.size(1);
        NativeFloat32 logits = new(prediction);
        NativeFloat32 slopes = new(gradient);
        int rows = Math.Max(1, ChunkSize / classes);
        double[] sums = new double[(labels.Length + rows - 1) / rows];
        Parallel.For(0, sums.Length, chunk =>
        {
            int first = chunk * rows;
            int count = Math.Min(rows, labels.Length - first);
            Span<float> source = logits.Slice(first * classes, count * classes);
            Span<float> target = slopes.Slice(first * classes, count * classes);
            sums[chunk] = ComputeRows(source, target, labels.AsSpan(first, count), qualities.AsSpan(first, count), beta, factors, first);
        });
        return sums.Sum();
    }

    private static double ComputeRows(
        ReadOnlySpan<float> logits,
        Span<float> gradients,
        ReadOnlySpan<long> labels,
        ReadOnlySpan<float> qualities,
        float beta,
        in RowLossScale factors,
        int firstRow)
    {
        int classes = logits.Length / labels.Length;
        double sum = 0;
        if (factors.PerRow is null)
        {
            sum = QualityFocalBackground.Evaluate(logits, beta, factors.Common, gradients) * factors.Common;
        }

        for (int row = 0; row < labels.Length; row++)
        {
            float factor = factors[firstRow + row];
            ReadOnlySpan<float> own = logits.Slice(row * classes, classes);
            if (factors.PerRow is not null)
            {
                sum += QualityFocalBackground.Evaluate(own, beta, factor, gradients.Slice(row * classes, classes)) * factor;
            }

            long label = labels[row];
            if (label >= 0 && label < classes)
            {
                float logit = own[(int)label];
                (float loss, float slope) = QualityFocalLossFormula.Evaluate(logit, qualities[row], beta);
                sum += (loss - QualityFocalLossFormula.Evaluate(logit, 0f, beta).Loss) * (double)factor;
                gradients[(row * classes) + (int)label] = slope * factor;
            }
        }

        return sum;
    }
}
