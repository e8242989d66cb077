namespace FocalSharp.Reporting.Charts;

/// <summary>Makes long noisy curves readable and small.</summary>
internal static class Curves
{
    /// <summary>Points that a chart of ordinary width can still show.</summary>
    public const int MaxPoints = 240;

    /// <summary>Means over equal runs of neighbours, so that at most <paramref name="max"/> points remain.</summary>
    public static IReadOnlyList<(double X, double Y)> Downsample(IReadOnlyList<(double X, double Y)> points, int max = MaxPoints)
    {
        if (points.Count <= max)
        {
            return points;
        }

        int run = (points.Count + max - 1) / max;
        return [.. points.Chunk(run).Select(part => (part.Average(point => point.X), part.Average(point => point.Y)))];
    }

    /// <summary>A centred moving mean over about a fortieth of the curve on either side.</summary>
    public static IReadOnlyList<(double X, double Y)> Smooth(IReadOnlyList<(double X, double Y)> points)
    {
        int reach = points.Count / 40;
        return [.. points.Select((point, i) =>
        {
            // The window shrinks evenly at the ends, so that they are not drawn inwards.
            int half = Math.Min(reach, Math.Min(i, points.Count - 1 - i));
            return (point.X, points.Skip(i - half).Take((2 * half) + 1).Average(near => near.Y));
        })];
    }
}
