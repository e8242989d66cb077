namespace FocalSharp.Reporting.Charts;

/// <summary>A linear axis that maps data to drawing units, with ticks at round numbers.</summary>
/// <param name="Min">The data value at the start.</param>
/// <param name="Max">The data value at the end, greater than <paramref name="Min"/>.</param>
/// <param name="Start">The drawing position of the start.</param>
/// <param name="End">The drawing position of the end.</param>
internal sealed record AxisScale(double Min, double Max, double Start, double End)
{
    /// <summary>Creates an axis for values, or for a fixed range.</summary>
    public static AxisScale Create(IEnumerable<double> values, double start, double end, (double Min, double Max)? range)
    {
        if (range is { } chosen)
        {
            return new AxisScale(chosen.Min, chosen.Max, start, end);
        }

        (double min, double max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values.Where(double.IsFinite))
        {
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        }

        if (min > max)
        {
            return new AxisScale(0, 1, start, end);
        }

        if (min == max)
        {
            return new AxisScale(min - 0.5, max + 0.5, start, end);
        }

        return new AxisScale(min, max, start, end);
    }

    /// <summary>Returns the axis extended to 0 and slightly above the maximum, unless there are negative values.</summary>
    public AxisScale StartAtZero() => Min < 0 ? this : this with { Min = 0, Max = Max * 1.06 };

    /// <summary>Returns the drawing position of a value.</summary>
    public double ToPosition(double value) => Start + ((value - Min) / (Max - Min) * (End - Start));

    /// <summary>Returns about <paramref name="requested"/> round numbers within the axis.</summary>
    public IReadOnlyList<double> GetTicks(int requested)
    {
        double step = RoundStep((Max - Min) / requested);
        double first = Math.Ceiling((Min / step) - 1e-9) * step;
        int count = (int)Math.Floor(((Max - first) / step) + 1e-9) + 1;
        return [.. Enumerable.Range(0, Math.Clamp(count, 0, 50)).Select(i => Math.Round((first + (i * step)) / step) * step)];
    }

    /// <summary>Formats a tick with the decimals that the step needs.</summary>
    public string FormatTick(double tick, int requested)
    {
        double step = RoundStep((Max - Min) / requested);
        if (Math.Max(Math.Abs(Min), Math.Abs(Max)) < 1e-3)
        {
            return tick == 0 ? "0" : tick.ToString("0.#e-0", System.Globalization.CultureInfo.InvariantCulture);
        }

        int decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
        return tick.ToString("F" + decimals, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static double RoundStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            <= 1 => 1,
            <= 2 => 2,
            <= 5 => 5,
            _ => 10,
        } * power;
    }
}
