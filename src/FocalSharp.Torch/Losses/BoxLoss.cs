using FocalSharp.Losses;
using FocalSharp.Torch.Losses.Fused;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Base class of the built-in box losses: weights, reduction, and the official rule for weights that are all 0.
/// </summary>
public abstract class BoxLoss : nn.Module<Tensor, Tensor, Tensor>, IBoxLoss
{
    /// <summary>Default guard against division by 0 (official: 1e-6).</summary>
    public const double DefaultEpsilon = 1e-6;

    private readonly LossReducer _reducer;

    /// <summary>Initializes the loss.</summary>
    private protected BoxLoss(string name, LossReduction reduction, double lossWeight, bool firstRelease)
        : base(LibTorch.Named(name))
    {
        _reducer = new(reduction, lossWeight, firstRelease ? 0 : LossReducer.FloatEpsilon);
        FirstRelease = firstRelease;
    }

    /// <summary>Gets the reduction of the pairs.</summary>
    public LossReduction Reduction => _reducer.Reduction;

    /// <summary>Gets whether geometry and averaging are those of the first official release.</summary>
    public bool FirstRelease { get; }

    /// <summary>Computes the loss without weights.</summary>
    /// <param name="prediction">Boxes <c>xyxy</c>, <c>[N, 4]</c>.</param>
    /// <param name="target">Boxes <c>xyxy</c>, <c>[N, 4]</c>.</param>
    public override Tensor forward(Tensor prediction, Tensor target) => forward(prediction, target, null);

    /// <summary>Computes the loss with weights.</summary>
    /// <param name="prediction">Boxes <c>xyxy</c>, <c>[N, 4]</c>.</param>
    /// <param name="target">Boxes <c>xyxy</c>, <c>[N, 4]</c>.</param>
    /// <param name="weight">
    /// Weights <c>[N]</c>, or <c>[N, 4]</c>, which are averaged over the last axis. If none is positive the result is, as in the
    /// official code, the scalar <c>sum(prediction·weight)</c>: a 0 with gradient.
    /// </param>
    /// <param name="averageFactor">Divisor of the sum for the reduction Mean, or null for N.</param>
    public Tensor forward(Tensor prediction, Tensor target, Tensor? weight, double? averageFactor = null)
    {
        LossGuards.RequireMatrix(prediction, nameof(prediction), "[N, 4]", 4, 4);
        LossGuards.RequireShapeOf(target, nameof(target), prediction, nameof(prediction));
        if (weight is { IsInvalid: false } && weight.dim() == 2)
        {
            LossGuards.RequireShapeOf(weight, nameof(weight), prediction, nameof(prediction));
        }
        else
        {
            LossGuards.RequireRows(weight, nameof(weight), prediction);
        }

        LossGuards.RequireFactor(averageFactor);
        LossGuards.CheckBoxes(prediction, nameof(prediction));
        LossGuards.CheckBoxes(target, nameof(target));
        LossGuards.CheckWeight(weight, nameof(weight));
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

        Tensor loss = _reducer.TryGetRowScale(rows, averageFactor, prediction.size(0)) is RowLossScale factors
            ? FusedBoxLoss.Apply(Kind, prediction, target, Epsilon, FirstRelease, factors)
            : _reducer.Apply(FusedBoxLoss.Apply(Kind, prediction, target, Epsilon, FirstRelease, factors: null), rows, averageFactor);
        return loss.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    Tensor IBoxLoss.Compute(Tensor prediction, Tensor target)
    {
        LossGuards.RequireMatrix(prediction, nameof(prediction), "[N, 4]", 4, 4);
        LossGuards.RequireShapeOf(target, nameof(target), prediction, nameof(prediction));
        return Elements(prediction, target);
    }

    /// <summary>Gets the closed form that computes the same loss.</summary>
    private protected abstract BoxLossKind Kind { get; }

    /// <summary>Gets the guard against division by 0.</summary>
    internal abstract double Epsilon { get; }

    /// <summary>Gets whether weights that are all 0 give a scalar with this reduction.</summary>
    private protected virtual bool ReturnsScalarForZeroWeights => true;

    /// <summary>Computes the loss of each pair, <c>[N]</c>, with operators.</summary>
    private protected abstract Tensor Elements(Tensor prediction, Tensor target);

    // On the CPU the first value is usually positive.
    private static bool HasPositive(Tensor weight) => NativeFloat32.Supports(weight) && weight.is_contiguous()
        ? new NativeFloat32(weight).Span.ContainsAnyInRange(float.Epsilon, float.PositiveInfinity)
        : weight.gt(0).any().item<bool>();
}
