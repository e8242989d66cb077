using System.Numerics;

namespace FocalSharp.Distributions;

/// <summary>
/// Quantiles of a distribution over bins. The mass of each bin is spread evenly over half a bin on either side and clipped to
/// 0..n: <c>Q(τ) = clamp(k − ½ + (τ − F(k−1)) / P(k), 0, n)</c>, where k is the first bin whose cumulative probability F(k) reaches τ.
/// </summary>
internal static class Quantile
{
    /// <summary>Returns the distance in bins below which the side lies with probability <paramref name="probability"/>.</summary>
    /// <param name="probabilities">P(0), …, P(n); they sum to 1.</param>
    /// <param name="probability">τ in [0, 1]; 0.5 gives the median.</param>
    public static T Compute<T>(ReadOnlySpan<T> probabilities, double probability)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability of a quantile is between 0 and 1.");
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
