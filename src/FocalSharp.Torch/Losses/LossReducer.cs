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
            LossReduction.Mean => weighted.mean(),
            _ => throw new InvalidOperationException($"{Reduction} is not a reduction."),
        };
        return LossWeight == 1 ? reduced : reduced * LossWeight;
    }
}
