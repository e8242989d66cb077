using FocalSharp.Torch.Losses.Fused;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>Weights, reduces and scales a loss, as the official wrapper.</summary>
/// <param name="Reduction">Reduction of the elements.</param>
/// <param name="LossWeight">Factor of the result.</param>
/// <param name="Epsilon">Added to an averaging factor.</param>
internal readonly record struct LossReducer(LossReduction Reduction, double LossWeight, double Epsilon = LossReducer.FloatEpsilon)
{
    /// <summary>Machine epsilon of float32, which the official code adds to every averaging factor (first release: 0).</summary>
    public const double FloatEpsilon = 1.1920928955078125e-07;

    /// <summary>Gets the reduction of the elements.</summary>
    public LossReduction Reduction { get; } = Enum.IsDefined(Reduction)
        ? Reduction
        : throw new ArgumentOutOfRangeException("reduction", Reduction, "'reduction' must be None, Mean or Sum.");

    /// <summary>Gets the factor of the result.</summary>
    public double LossWeight { get; } = double.IsFinite(LossWeight)
        ? LossWeight
        : throw new ArgumentOutOfRangeException("lossWeight", LossWeight, "'lossWeight' must be a finite number.");

    public Tensor Apply(Tensor loss, Tensor? weight, double? averageFactor)
    {
        if (averageFactor is not null && Reduction == LossReduction.Sum)
        {
            throw new ArgumentException("The reduction Sum takes no averaging factor; use Mean or None.", nameof(averageFactor));
        }

        Tensor weighted = weight is null ? loss : loss * weight;
        Tensor reduced = Reduction switch
        {
            LossReduction.None => weighted,
            LossReduction.Sum => weighted.sum(),
            LossReduction.Mean when averageFactor is double factor => weighted.sum() / (factor + Epsilon),
            _ => weighted.mean(),
        };
        return LossWeight == 1 ? reduced : reduced * LossWeight;
    }

    /// <summary>
    /// Returns the factor of each row; null if nothing is reduced, or if the weights are not one float32 per row.
    /// </summary>
    public RowLossScale? TryGetRowScale(Tensor? weight, double? averageFactor, long rows)
    {
        bool plainWeight = weight is null || (NativeFloat32.Supports(weight) && weight.dim() == 1 && weight.size(0) == rows && !weight.requires_grad);
        if (Reduction == LossReduction.None || (Reduction == LossReduction.Sum && averageFactor is not null) || !plainWeight)
        {
            return null;
        }

        double divisor = Reduction == LossReduction.Sum ? 1 : averageFactor is double factor ? factor + Epsilon : rows;
        float common = (float)(LossWeight / divisor);
        float[]? each = weight is null ? null : NativeCopy.ToArray<float>(weight);

        // Rows with the same weight, as the official label weights without padding, are computed as one range.
        return each is [_, ..] && each.AsSpan().IndexOfAnyExcept(each[0]) < 0 ? new(null, common * each[0]) : new(each, common);
    }
}
