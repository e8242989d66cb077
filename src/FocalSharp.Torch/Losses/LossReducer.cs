using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>Weights, reduces and scales a loss as the official wrapper does.</summary>
/// <param name="Reduction">How elements are combined.</param>
/// <param name="LossWeight">Factor of the result, whatever the reduction.</param>
/// <param name="Epsilon">Added to an averaging factor.</param>
internal readonly record struct LossReducer(LossReduction Reduction, double LossWeight, double Epsilon = LossReducer.FloatEpsilon)
{
    /// <summary>Float32's machine epsilon, which the official code adds to every averaging factor (first release: nothing).</summary>
    public const double FloatEpsilon = 1.1920928955078125e-07;

    public Tensor Apply(Tensor loss, Tensor? weight, double? averageFactor)
    {
        if (averageFactor is not null && Reduction == LossReduction.Sum)
        {
            throw new ArgumentException("An averaging factor goes with the reductions Mean and None, not with Sum.", nameof(averageFactor));
        }

        Tensor weighted = weight is null ? loss : loss * weight;
        Tensor reduced = Reduction switch
        {
            LossReduction.None => weighted,
            LossReduction.Sum => weighted.sum(),
            LossReduction.Mean when averageFactor is double factor => weighted.sum() / (factor + Epsilon),
            LossReduction.Mean => weighted.mean(),
            _ => throw new InvalidOperationException($"{Reduction} is no reduction."),
        };
        return LossWeight == 1 ? reduced : reduced * LossWeight;
    }
}
