using FocalSharp.Losses;
using FocalSharp.Losses.Vectorized;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>
/// A loss of the IoU family over paired boxes with the gradient by the predicted boxes from the closed form: one value per pair,
/// or the weighted sum.
/// </summary>
internal sealed class FusedBoxLoss : autograd.SingleTensorFunction<FusedBoxLoss>
{
    // Pairs per work item: a few microseconds.
    private const int ChunkSize = 1 << 12;

    /// <inheritdoc/>
    public override string Name => nameof(FusedBoxLoss);

    /// <summary>Computes the loss of each pair <c>[N]</c>, or the sum over pairs of factor times loss, with gradient.</summary>
    /// <param name="kind">Kind of the loss.</param>
    /// <param name="prediction">Boxes <c>[N, 4]</c> that <see cref="NativeFloat32.Supports"/>.</param>
    /// <param name="target">Boxes <c>[N, 4]</c> of the same kind, without gradient.</param>
    /// <param name="epsilon">Guard against division by 0.</param>
    /// <param name="inclusivePixels">Whether boxes include their last pixel (first official release).</param>
    /// <param name="factors">Factors of the pairs in the sum; null for one loss per pair.</param>
    public static Tensor Apply(
        BoxLossKind kind, Tensor prediction, Tensor target, double epsilon, bool inclusivePixels, RowLossScale? factors) =>
        apply(prediction, target, new Settings(kind, (float)epsilon, inclusivePixels, factors));

    /// <summary>Returns whether the closed form supports the tensors.</summary>
    public static bool Supports(Tensor prediction, Tensor target) =>
        NativeFloat32.Supports(prediction) && NativeFloat32.Supports(target) && !target.requires_grad && prediction.dim() == 2 && prediction.size(1) == 4
        && target.dim() == 2 && target.size(0) == prediction.size(0) && target.size(1) == 4;

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor prediction = ((Tensor)vars[0]).contiguous();
        Tensor target = ((Tensor)vars[1]).contiguous();
        Settings settings = (Settings)vars[2];
        int count = (int)prediction.size(0);
        Tensor loss = empty(count);
        Tensor gradient = empty_like(prediction);
        (NativeFloat32 p, NativeFloat32 g, NativeFloat32 l, NativeFloat32 s) = (new(prediction), new(target), new(loss), new(gradient));
        double[] sums = new double[(count + ChunkSize - 1) / ChunkSize];
        Parallel.For(0, sums.Length, chunk =>
        {
            int first = chunk * ChunkSize;
            int pairs = Math.Min(ChunkSize, count - first);
            Span<float> losses = l.Slice(first, pairs);
            Span<float> slopes = s.Slice(4 * first, 4 * pairs);
            Evaluate(settings, p.Slice(4 * first, 4 * pairs), g.Slice(4 * first, 4 * pairs), losses, slopes);
            if (settings.Factors is RowLossScale factors)
            {
                sums[chunk] = ApplyRowScale(factors, first, losses, slopes);
            }
        });
        ctx.save_for_backward([gradient]);
        return settings.Factors is null ? loss : tensor((float)sums.Sum());
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [.. FusedGradient.Compute(ctx, [grad_output], (saved, upstream) => [ScaleRows(saved[0], upstream[0])]), null!, null!];

    private static Tensor ScaleRows(Tensor gradient, Tensor upstream)
    {
        if (upstream.dim() == 0)
        {
            return FusedGradient.Scale(gradient, upstream);
        }

        using Tensor columns = upstream.unsqueeze(1);
        return gradient * columns;
    }

    private static void Evaluate(Settings settings, ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> losses, Span<float> gradients)
    {
        if (settings.Kind == BoxLossKind.Giou && !settings.InclusivePixels)
        {
            GiouPairs.Evaluate(prediction, target, losses, gradients, settings.Epsilon);
        }
        else
        {
            BoxLossFormula.EvaluateMany(settings.Kind, prediction, target, losses, gradients, [], settings.Epsilon, settings.InclusivePixels);
        }
    }

    private static double ApplyRowScale(RowLossScale factors, int first, ReadOnlySpan<float> losses, Span<float> gradients)
    {
        double sum = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            float factor = factors[first + i];
            sum += (double)factor * losses[i];
            Span<float> slopes = gradients.Slice(4 * i, 4);
            (slopes[0], slopes[1], slopes[2], slopes[3]) = (slopes[0] * factor, slopes[1] * factor, slopes[2] * factor, slopes[3] * factor);
        }

        return sum;
    }

    private sealed record Settings(BoxLossKind Kind, float Epsilon, bool InclusivePixels, RowLossScale? Factors);
}
