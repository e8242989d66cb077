using FocalSharp.Detections;
using FocalSharp.Distributions;
using FocalSharp.Losses.Vectorized;

namespace FocalSharp.Decoding;

/// <summary>Reads what four sides' logits say of the edges' coordinates.</summary>
internal static class EdgeReading
{
    /// <summary>
    /// Quantiles of the coordinates. Left and top lie at location − distance, so that their τ-quantile is the distance's at 1 − τ.
    /// </summary>
    public static EdgeQuantiles Quantiles(ReadOnlySpan<float> logits, Origin origin, IReadOnlyList<double> probabilities)
    {
        if (probabilities.Count == 0)
        {
            return EdgeQuantiles.None;
        }

        int bins = logits.Length / 4;
        Span<float> masses = logits.Length <= 256 ? stackalloc float[logits.Length] : new float[logits.Length];
        for (int side = 0; side < 4; side++)
        {
            SoftmaxRow.Fill(logits.Slice(side * bins, bins), masses.Slice(side * bins, bins));
        }

        EdgeQuantile[] quantiles = new EdgeQuantile[probabilities.Count];
        for (int i = 0; i < quantiles.Length; i++)
        {
            double probability = probabilities[i];
            float left = Quantile.Of<float>(masses[..bins], 1 - probability);
            float top = Quantile.Of<float>(masses.Slice(bins, bins), 1 - probability);
            float right = Quantile.Of<float>(masses.Slice(2 * bins, bins), probability);
            float bottom = Quantile.Of<float>(masses.Slice(3 * bins, bins), probability);
            quantiles[i] = new EdgeQuantile(probability, new SideValues(
                origin.X - (left * origin.UnitX), origin.Y - (top * origin.UnitY),
                origin.X + (right * origin.UnitX), origin.Y + (bottom * origin.UnitY)));
        }

        return new EdgeQuantiles(quantiles);
    }

    /// <summary>The distributions themselves.</summary>
    public static EdgeDistributions Distributions(ReadOnlySpan<float> logits, Origin origin)
    {
        int bins = logits.Length / 4;
        return new EdgeDistributions(
            origin.X,
            origin.Y,
            SideDistribution.FromLogits(logits[..bins], origin.UnitX),
            SideDistribution.FromLogits(logits.Slice(bins, bins), origin.UnitY),
            SideDistribution.FromLogits(logits.Slice(2 * bins, bins), origin.UnitX),
            SideDistribution.FromLogits(logits.Slice(3 * bins, bins), origin.UnitY));
    }
}
