namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Median and spread of a class's values, robust against a few wrong ones.</summary>
/// <param name="Median">The median.</param>
/// <param name="Spread">Median absolute deviation, scaled to the standard deviation of a normal distribution; at least 0.1.</param>
internal readonly record struct RobustSpread(double Median, double Spread)
{
    /// <summary>Minimum number of values.</summary>
    public const int MinValues = 20;

    private const double MadToStandardDeviation = 1.4826;
    private const double MinSpread = 0.1;

    /// <summary>Computes the spread of the logarithms of each class; null for a class with too few values.</summary>
    public static RobustSpread?[] ComputePerClass(LintContext context, Func<ObjectAnnotation, double> value)
    {
        List<double>[] values = [.. context.Dataset.Classes.Select(_ => new List<double>())];
        foreach ((_, _, ObjectAnnotation item) in context.EnumerateTargets())
        {
            values[item.Label].Add(value(item));
        }

        return [.. values.Select(list => list.Count < MinValues ? (RobustSpread?)null : Compute(list))];
    }

    /// <summary>Returns the distance of a value from the median in spreads.</summary>
    public double Distance(double value) => Math.Abs(value - Median) / Spread;

    private static RobustSpread Compute(List<double> values)
    {
        double median = ComputeMedian(values);
        double deviation = ComputeMedian([.. values.Select(value => Math.Abs(value - median))]);
        return new RobustSpread(median, Math.Max(MinSpread, deviation * MadToStandardDeviation));
    }

    private static double ComputeMedian(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
