using FocalSharp.Detections.Calibration;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Fits piecewise linear score maps by isotonic regression.</summary>
internal static class IsotonicFit
{
    /// <summary>The least slope that remains of the identity, so that different scores remain different in float32.</summary>
    private const double IdentityFraction = 1e-3;

    /// <summary>The most knots of a map, so that the weights' header remains small.</summary>
    private const int MaxKnots = 200;

    /// <summary>
    /// Fits a map with the pool-adjacent-violators algorithm (Ayer et al. 1955). Blocks become knots at their mean score and mean target, with half a
    /// success and half a failure added (Krichevsky and Trofimov 1981), so that no value is 0 or 1; the map is linear between them, and so strictly increasing.
    /// </summary>
    /// <returns>The map; null if there are fewer than two knots.</returns>
    public static ScoreMap? Fit(IReadOnlyList<ScoreSample> samples)
    {
        List<(double Weight, double X, double Y)> blocks = [];
        foreach (ScoreSample sample in samples.OrderBy(sample => sample.Score))
        {
            blocks.Add((1, sample.Score, sample.Target));
            Pool(blocks, block => block.Y / block.Weight);
        }

        List<(double Weight, double X, double Y)> smooth = [];
        foreach ((double Weight, double X, double Y) block in blocks)
        {
            smooth.Add(block);
            Pool(smooth, one => (one.Y + 0.5) / (one.Weight + 1));
        }

        (double X, double Y)[] knots = [.. smooth.Select(block => (X: block.X / block.Weight, Y: (block.Y + 0.5) / (block.Weight + 1)))
            .Select(knot => (knot.X, Y: ((1 - IdentityFraction) * knot.Y) + (IdentityFraction * knot.X)))
            .Where(knot => knot.X is > ScoreMap.Margin and < 1 - ScoreMap.Margin)];
        if (knots.Length > MaxKnots)
        {
            knots = [.. Enumerable.Range(0, MaxKnots).Select(i => knots[(int)((long)i * (knots.Length - 1) / (MaxKnots - 1))])];
        }

        return knots.Length < 2 ? null : new ScoreMap([.. knots.Select(knot => knot.X)], [.. knots.Select(knot => knot.Y)]);
    }

    // Merges the last block with those before it until the values, and the scores, increase strictly.
    private static void Pool(List<(double Weight, double X, double Y)> blocks, Func<(double Weight, double X, double Y), double> value)
    {
        while (blocks.Count > 1 && (value(blocks[^2]) >= value(blocks[^1]) || blocks[^2].X / blocks[^2].Weight >= blocks[^1].X / blocks[^1].Weight))
        {
            ((double Weight, double X, double Y) a, (double Weight, double X, double Y) b) = (blocks[^2], blocks[^1]);
            blocks.RemoveRange(blocks.Count - 2, 2);
            blocks.Add((a.Weight + b.Weight, a.X + b.X, a.Y + b.Y));
        }
    }
}
