namespace FocalSharp.Distributions;

/// <summary>
/// The predicted distribution of one side of a box over the distances 0..n (paper, section 3.2 and fig. 5), in strides, or in pixels
/// if the unit is the stride.
/// </summary>
public sealed class SideDistribution
{
    private readonly double[] _probabilities;

    private SideDistribution(double[] probabilities, double unit)
    {
        _probabilities = probabilities;
        Unit = unit;
        double mean = 0;
        double second = 0;
        double entropy = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double p = probabilities[i];
            mean += p * i;
            entropy -= p > 0 ? p * Math.Log(p) : 0;
        }

        for (int i = 0; i < probabilities.Length; i++)
        {
            second += probabilities[i] * (i - mean) * (i - mean);
        }

        (Mean, StandardDeviation, Entropy) = (mean * unit, Math.Sqrt(second) * unit, entropy);
    }

    /// <summary>Gets the probabilities of the distances 0, 1, …, n times <see cref="Unit"/>.</summary>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    /// <summary>Gets the size of one bin: 1 for strides, the level's stride for pixels.</summary>
    public double Unit { get; }

    /// <summary>Gets the expectation, which is the predicted distance (paper, eq. 4).</summary>
    public double Mean { get; }

    /// <summary>Gets the standard deviation: the uncertainty of the side.</summary>
    public double StandardDeviation { get; }

    /// <summary>Gets the entropy in nats: 0 for a single certain bin, <c>ln(n + 1)</c> for a uniform distribution. Independent of the unit.</summary>
    public double Entropy { get; }

    /// <summary>Creates the distribution from the n + 1 logits of a side.</summary>
    /// <param name="logits">Logits of the bins 0..n.</param>
    /// <param name="unit">1 for strides, the level's stride for pixels.</param>
    public static SideDistribution FromLogits(ReadOnlySpan<float> logits, double unit = 1)
    {
        if (!(unit > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(unit), unit, "A bin is worth a positive distance.");
        }

        double[] wide = new double[logits.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = logits[i];
        }

        double[] probabilities = new double[logits.Length];
        DistributionMath.Softmax<double>(wide, probabilities);
        return new SideDistribution(probabilities, unit);
    }

    /// <summary>
    /// Returns the distance below which the side lies with the given probability. The mass of each bin is spread evenly over half a bin on
    /// either side (and clipped to 0..n).
    /// </summary>
    /// <param name="probability">A number in [0, 1]; 0.5 gives the median.</param>
    public double Quantile(double probability) => Distributions.Quantile.Compute<double>(_probabilities, probability) * Unit;

    /// <summary>
    /// Returns the highest peaks, most probable first. Two distant peaks indicate an ambiguous side (paper, fig. 3): an occlusion, or a
    /// shadow mistaken for the object.
    /// </summary>
    /// <param name="max">Maximum number of peaks.</param>
    public IReadOnlyList<DistributionMode> Modes(int max = 2)
    {
        List<DistributionMode> modes = [];
        for (int i = 0; i < _probabilities.Length; i++)
        {
            double p = _probabilities[i];
            bool rises = i == 0 || p > _probabilities[i - 1];
            bool falls = i == _probabilities.Length - 1 || p >= _probabilities[i + 1];
            if (rises && falls)
            {
                modes.Add(new DistributionMode(i * Unit, p));
            }
        }

        return [.. modes.OrderByDescending(mode => mode.Probability).Take(max)];
    }
}
