using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Evaluation.Bootstrap;

/// <summary>The difference of two detectors' AP on the same images, with a paired bootstrap over images.</summary>
/// <param name="First">AP of the first detector.</param>
/// <param name="Second">AP of the second.</param>
/// <param name="Difference">The first minus the second.</param>
/// <param name="Interval">The percentile interval of the difference; see <see cref="ConfidenceInterval"/>.</param>
/// <param name="PValue">
/// The two-sided p-value: twice the smaller share of resamples in which the difference is at most or at least 0, with one added to numerator and
/// denominator (Davison and Hinkley 1997, §4.2), at most 1.
/// </param>
internal sealed record PairedComparison(double First, double Second, double Difference, ConfidenceInterval Interval, double PValue)
{
    /// <summary>Compares two detectors by a value of each resample.</summary>
    /// <param name="first">The first detector's value.</param>
    /// <param name="second">The second detector's value.</param>
    /// <param name="firstSamples">The first detector's value in each resample.</param>
    /// <param name="secondSamples">The second detector's value in the same resamples.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>The comparison; null if no resample has an object.</returns>
    public static PairedComparison? Compare(double first, double second, double[] firstSamples, double[] secondSamples, double level)
    {
        double[] differences = [.. firstSamples.Zip(secondSamples, (a, b) => a - b).Where(value => !double.IsNaN(value))];
        if (ConfidenceInterval.FromSamples(differences, first - second, level, min: -1) is not { } interval)
        {
            return null;
        }

        double shift = first - second - differences.Average();
        int below = differences.Count(value => value + shift <= 0);
        int above = differences.Count(value => value + shift >= 0);
        double p = Math.Min(1, 2 * (Math.Min(below, above) + 1) / (differences.Length + 1.0));
        return new PairedComparison(first, second, first - second, interval, p);
    }

    /// <summary>Requires that two sets of matches are of the same images, classes and IoU thresholds.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void RequireSameTruth(MatchSet first, MatchSet second)
    {
        if (!first.ImageIds.SequenceEqual(second.ImageIds) || !first.IouThresholds.SequenceEqual(second.IouThresholds)
            || !first.Classes.Select(one => one.Category.Id).SequenceEqual(second.Classes.Select(one => one.Category.Id)))
        {
            throw new ArgumentException("The two detectors were evaluated on different images, classes or IoU thresholds.", nameof(second));
        }
    }
}
