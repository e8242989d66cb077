using FocalSharp.Losses;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses.Fused;

/// <summary>A loss of the IoU family over paired boxes, <c>[N]</c>, with the gradient by the predicted boxes from the closed form.</summary>
internal sealed class FusedBoxLoss : autograd.SingleTensorFunction<FusedBoxLoss>
{
    private const int Portion = 1 << 10;

    /// <inheritdoc/>
    public override string Name => nameof(FusedBoxLoss);

    /// <summary>The loss of each pair, with gradient.</summary>
    /// <param name="kind">Which of the family.</param>
    /// <param name="prediction">Boxes <c>[N, 4]</c> that <see cref="NativeFloats.Fits"/>.</param>
    /// <param name="target">Boxes <c>[N, 4]</c> that fit as well, without gradient.</param>
    /// <param name="epsilon">What keeps 0/0 away.</param>
    /// <param name="convention">What the corners mean.</param>
    public static Tensor Apply(BoxLossKind kind, Tensor prediction, Tensor target, double epsilon, BoxConvention convention) =>
        apply(prediction, target, kind, (float)epsilon, convention);

    /// <summary>Whether the closed form can serve.</summary>
    public static bool Fits(Tensor prediction, Tensor target) =>
        NativeFloats.Fits(prediction) && NativeFloats.Fits(target) && !target.requires_grad && prediction.dim() == 2 && prediction.size(1) == 4
        && target.dim() == 2 && target.size(0) == prediction.size(0) && target.size(1) == 4;

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor prediction = ((Tensor)vars[0]).contiguous();
        Tensor target = ((Tensor)vars[1]).contiguous();
        BoxLossKind kind = (BoxLossKind)vars[2];
        float epsilon = (float)vars[3];
        BoxConvention convention = (BoxConvention)vars[4];
        int count = (int)prediction.size(0);
        Tensor loss = empty(count);
        Tensor gradient = empty_like(prediction);
        (NativeFloats p, NativeFloats g, NativeFloats l, NativeFloats s) = (new(prediction), new(target), new(loss), new(gradient));
        Parallel.For(0, (count + Portion - 1) / Portion, portion =>
        {
            int first = portion * Portion;
            int pairs = Math.Min(Portion, count - first);
            BoxLossFormula.EvaluateMany(
                kind, p.Slice(4 * first, 4 * pairs), g.Slice(4 * first, 4 * pairs), l.Slice(first, pairs), s.Slice(4 * first, 4 * pairs), [], epsilon, convention);
        });
        ctx.save_for_backward([gradient]);
        return loss;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [ctx.get_saved_variables()[0] * grad_output.unsqueeze(1), null!, null!, null!, null!];
}
