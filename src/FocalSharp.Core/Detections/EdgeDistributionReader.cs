using FocalSharp.Boxes;
using FocalSharp.Distributions;
using FocalSharp.Losses.Vectorized;

namespace FocalSharp.Detections;

/// <summary>Computes quantiles and distributions of one detection's edges from its logits. The logits must not change afterwards.</summary>
/// <param name="logits">The logits of an image's detections, <c>4·bins</c> each.</param>
/// <param name="start">Offset of this detection's logits.</param>
/// <param name="bins">Number of bins, n + 1.</param>
/// <param name="origin">The location and the size of a bin.</param>
internal sealed class EdgeDistributionReader(float[] logits, int start, int bins, LocationTransform origin)
{
    /// <summary>
    /// Computes quantiles of the coordinates. Left and top are at location − distance, so that their τ-quantile is that of the distance at 1 − τ.
    /// </summary>
    public EdgeQuantile[] ReadQuantiles(IReadOnlyList<double> probabilities)
    {
        Span<float> masses = bins <= 64 ? stackalloc float[4 * bins] : new float[4 * bins];
        for (int side = 0; side < 4; side++)
        {
            SoftmaxRow.Fill(GetSideLogits(side), masses.Slice(side * bins, bins));
        }

        EdgeQuantile[] quantiles = new EdgeQuantile[probabilities.Count];
        for (int i = 0; i < quantiles.Length; i++)
        {
            double probability = probabilities[i];
            float left = Quantile.Compute<float>(masses[..bins], 1 - probability);
            float top = Quantile.Compute<float>(masses.Slice(bins, bins), 1 - probability);
            float right = Quantile.Compute<float>(masses.Slice(2 * bins, bins), probability);
            float bottom = Quantile.Compute<float>(masses.Slice(3 * bins, bins), probability);
            quantiles[i] = new EdgeQuantile(probability, new SideValues(
                origin.X - (left * origin.UnitX), origin.Y - (top * origin.UnitY),
                origin.X + (right * origin.UnitX), origin.Y + (bottom * origin.UnitY)));
        }

        return quantiles;
    }

    /// <summary>Returns the distributions.</summary>
    public EdgeDistributions ReadDistributions() => new(
        origin.X,
        origin.Y,
        SideDistribution.FromLogits(GetSideLogits(0), origin.UnitX),
        SideDistribution.FromLogits(GetSideLogits(1), origin.UnitY),
        SideDistribution.FromLogits(GetSideLogits(2), origin.UnitX),
        SideDistribution.FromLogits(GetSideLogits(3), origin.UnitY));

    private ReadOnlySpan<float> GetSideLogits(int side) => logits.AsSpan(start + (side * bins), bins);
}
