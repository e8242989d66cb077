namespace FocalSharp.Training.Tuning.Search;

/// <summary>How much of the differences in AP a parameter explains by itself.</summary>
internal static class ParameterImportance
{
    private const int Groups = 3;

    /// <summary>
    /// Returns the correlation ratio η²: the variance of the AP between groups of values divided by the whole variance. Groups are the choices of
    /// a list, and thirds of the axis of a range.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="values">Its value in each trial.</param>
    /// <param name="scores">The AP of each trial.</param>
    /// <returns>0 to 1; 0 if there is nothing to explain.</returns>
    public static double Compute(SearchParameter parameter, IReadOnlyList<string> values, IReadOnlyList<double> scores)
    {
        if (scores.Count == 0)
        {
            return 0;
        }

        double mean = scores.Average();
        double total = scores.Sum(score => (score - mean) * (score - mean));
        double between = values.Zip(scores)
            .GroupBy(pair => parameter.Choices.Count > 0 ? pair.First : $"{Math.Min(Groups - 1, (int)(Groups * parameter.GetPosition(pair.First)))}")
            .Sum(group => group.Count() * Math.Pow(group.Average(pair => pair.Second) - mean, 2));
        return total > 0 ? Math.Min(1, between / total) : 0;
    }
}
