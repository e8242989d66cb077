using FocalSharp.Losses;
using FocalSharp.Torch.Losses.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>What the losses of paired boxes share: weights, reduction, and the official rule for weights that are all zero.</summary>
public abstract class BoxLoss : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>The guard of areas in the official configs.</summary>
    public const double DefaultEpsilon = 1e-6;

    private readonly LossReducer _reducer;

    /// <summary>Names the loss and sets how its elements are combined.</summary>
    private protected BoxLoss(string name, LossReduction reduction, double lossWeight, bool firstRelease)
        : base(name)
    {
        _reducer = new(reduction, lossWeight, firstRelease ? 0 : LossReducer.FloatEpsilon);
        FirstRelease = firstRelease;
    }

    /// <summary>How elements are combined.</summary>
    public LossReduction Reduction => _reducer.Reduction;

    /// <summary>Whether geometry and averaging are those of the first official release.</summary>
    public bool FirstRelease { get; }

    /// <summary>The loss without weights.</summary>
    /// <param name="prediction">Boxes <c>xyxy</c>, <c>[N, 4]</c>.</param>
    /// <param name="target">Boxes <c>xyxy</c>, <c>[N, 4]</c>.</param>
    public override Tensor forward(Tensor prediction, Tensor target) => forward(prediction, target, null);

    /// <summary>The loss with weights.</summary>
    /// <param name="prediction">Boxes <c>xyxy</c>, <c>[N, 4]</c>.</param>
    /// <param name="target">Boxes <c>xyxy</c>, <c>[N, 4]</c>.</param>
    /// <param name="weight">
    /// Weights <c>[N]</c>, or <c>[N, 4]</c>, which are averaged over the last axis. Where none is positive the result is, as in the
    /// official code, the scalar <c>sum(prediction·weight)</c>: a zero that keeps the graph.
    /// </param>
    /// <param name="averageFactor">What a Mean divides the sum by, or null for N.</param>
    public Tensor forward(Tensor prediction, Tensor target, Tensor? weight, double? averageFactor = null)
    {
        using DisposeScope scope = NewDisposeScope();
        if (weight is not null && ReturnsScalarForZeroWeights && !HasPositive(weight))
        {
            return (prediction * (weight.dim() == 1 ? weight.unsqueeze(1) : weight)).sum().MoveToOuterDisposeScope();
        }

        Tensor? rows = weight?.dim() > 1 ? weight.mean([-1]) : weight;
        if (!FusedBoxLoss.Supports(prediction, target))
        {
            return _reducer.Apply(Elements(prediction, target), rows, averageFactor).MoveToOuterDisposeScope();
        }

        BoxConvention convention = FirstRelease ? BoxConvention.InclusivePixels : BoxConvention.HalfOpen;
        Tensor loss = RowLossScale.Create(_reducer, rows, averageFactor, prediction.size(0)) is RowLossScale factors
            ? FusedBoxLoss.Apply(Kind, prediction, target, Epsilon, convention, factors)
            : _reducer.Apply(FusedBoxLoss.Apply(Kind, prediction, target, Epsilon, convention, factors: null), rows, averageFactor);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Which closed form gives the same numbers.</summary>
    private protected abstract BoxLossKind Kind { get; }

    /// <summary>What keeps 0/0 away.</summary>
    private protected abstract double Epsilon { get; }

    /// <summary>Whether weights that are all zero give a scalar under this reduction.</summary>
    private protected virtual bool ReturnsScalarForZeroWeights => true;

    /// <summary>The loss of each pair, <c>[N]</c>, composed of operators.</summary>
    private protected abstract Tensor Elements(Tensor prediction, Tensor target);

    // In main memory most often the first number tells.
    private static bool HasPositive(Tensor weight) => NativeFloat32.Supports(weight) && weight.is_contiguous()
        ? new NativeFloat32(weight).Span.ContainsAnyInRange(float.Epsilon, float.PositiveInfinity)
        : weight.gt(0).any().item<bool>();
}
