namespace FocalSharp.Reporting.Charts;

/// <summary>Downsamples and smooths curves.</summary>
internal static class Curves
{
    /// <summary>The maximum number of points of a chart.</summary>
    public const int MaxPoints = 240;

    /// <summary>Averages groups of adjacent points, so that at most <paramref name="max"/> points remain.</summary>
    public static IReadOnlyList<(double X, double Y)> Downsample(IReadOnlyList<(double X, double Y)> points, int max = MaxPoints)
    {
        if (points.Count <= max)
        {
            return points;
        }

        int run = (points.Count + max - 1) / max;
        return [.. points.Chunk(run).Select(part => (part.Average(point => point.X), part.Average(point => point.Y)))];
    }

    /// <summary>Returns a centered moving average over one fortieth of the curve on each side.</summary>
    public static IReadOnlyList<(double X, double Y)> Smooth(IReadOnlyList<(double X, double Y)> points)
    {
        int reach = points.Count / 40;
        return [.. points.Select((point, i) =>
        {
            // The window shrinks symmetrically at the ends, to avoid a bias.
            int half = Math.Min(reach, Math.Min(i, points.Count - 1 - i));
            return (point.X, points.Skip(i - half).Take((2 * half) + 1).Average(near => near.Y));
        })];
    }
}
