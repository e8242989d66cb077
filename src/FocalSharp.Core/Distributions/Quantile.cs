using System.Numerics;

namespace FocalSharp.Distributions;

/// <summary>
/// Quantiles of a distribution over bins, each bin's mass being spread evenly over the half bin on either side of it and cut to
/// 0..n: <c>Q(τ) = clamp(k − ½ + (τ − F(k−1)) / P(k), 0, n)</c> with k the first bin whose cumulated probability F(k) reaches τ.
/// </summary>
public static class Quantile
{
    /// <summary>The distance in bins below which the side lies with probability <paramref name="probability"/>.</summary>
    /// <param name="probabilities">P(0), …, P(n); they sum to 1.</param>
    /// <param name="probability">τ in [0, 1]; 0.5 gives the median.</param>
    public static T Compute<T>(ReadOnlySpan<T> probabilities, double probability)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A quantile's probability lies in [0, 1].");
        }

        T wanted = T.CreateChecked(probability);
        T highest = T.CreateChecked(probabilities.Length - 1);
        T below = T.Zero;
        for (int i = 0; i < probabilities.Length; i++)
        {
            T mass = probabilities[i];
            if (mass > T.Zero && below + mass >= wanted)
            {
                T distance = T.CreateChecked(i - 0.5) + ((wanted - below) / mass);
                return T.Clamp(distance, T.Zero, highest);
            }

            below += mass;
        }

        return highest;
    }
}
