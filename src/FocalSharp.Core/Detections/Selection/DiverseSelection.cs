using FocalSharp.Evaluation.Calibration;

namespace FocalSharp.Detections.Selection;

/// <summary>Selects images that are worth labeling and differ from each other.</summary>
internal static class DiverseSelection
{
    /// <summary>
    /// Returns the worth of each image, 0 to 1: the mean of its ranks by the criteria, so that no criterion's unit counts. Criteria that are the same for
    /// all images do not count.
    /// </summary>
    public static double[] Rank(IReadOnlyList<ImageWorth> images)
    {
        double[] worth = new double[images.Count];
        int used = 0;
        for (int criterion = 0; criterion < ImageWorth.Names.Count; criterion++)
        {
            int column = criterion;
            double[] values = [.. images.Select(image => image.Values[column])];
            if (values.Distinct().Take(2).Count() < 2)
            {
                continue;
            }

            used++;
            double[] ranks = RankCorrelation.Ranks(values);
            for (int i = 0; i < worth.Length; i++)
            {
                worth[i] += ranks[i] / worth.Length;
            }
        }

        return used == 0 ? [.. worth.Select(_ => 1.0)] : [.. worth.Select(value => value / used)];
    }

    /// <summary>
    /// Selects images one after another, each time the one with the largest product of its worth and its distance to the nearest one selected before
    /// (farthest-first traversal, Gonzalez 1985, weighted by worth). A frame like one that is selected has distance 0, and comes last.
    /// </summary>
    /// <param name="worth">The worth of each image.</param>
    /// <param name="features">The features of each image, of one length.</param>
    /// <param name="budget">The number of images to select.</param>
    /// <returns>The indices in order of selection, with the distance to the nearest one selected before; infinite for the first.</returns>
    public static IReadOnlyList<(int Index, double Distance)> Select(IReadOnlyList<double> worth, IReadOnlyList<float[]> features, int budget)
    {
        int count = worth.Count;
        double[] distances = new double[count];
        Array.Fill(distances, double.PositiveInfinity);
        bool[] taken = new bool[count];
        List<(int Index, double Distance)> selected = [];
        while (selected.Count < Math.Min(budget, count))
        {
            int best = -1;
            double highest = double.NegativeInfinity;
            for (int i = 0; i < count; i++)
            {
                // The first selection is by worth alone.
                double gain = selected.Count == 0 ? worth[i] : worth[i] * distances[i];
                if (!taken[i] && gain > highest)
                {
                    (best, highest) = (i, gain);
                }
            }

            taken[best] = true;
            selected.Add((best, distances[best]));
            for (int i = 0; i < count; i++)
            {
                distances[i] = Math.Min(distances[i], Distance(features[best], features[i]));
            }
        }

        return selected;
    }

    private static double Distance(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
