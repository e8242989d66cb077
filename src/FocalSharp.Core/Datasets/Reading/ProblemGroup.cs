using System.Globalization;
using System.Text;

namespace FocalSharp.Datasets.Reading;

/// <summary>Problems with one cause, so that a mistake in 30,000 label files is reported once.</summary>
/// <param name="First">The first problem.</param>
/// <param name="Count">The number of problems.</param>
/// <param name="Examples">The first three problems.</param>
internal sealed record ProblemGroup(DatasetProblem First, int Count, IReadOnlyList<DatasetProblem> Examples)
{
    private const int MaxExamples = 3;

    /// <summary>Gets whether the problem was resolved while reading, so that nothing is lost.</summary>
    public bool IsResolved => First.Kind is DatasetProblemKind.NonStandard or DatasetProblemKind.LegacyEncoding or DatasetProblemKind.ConvertedShape or DatasetProblemKind.BoxesOnUnrotatedImage;

    /// <summary>Groups problems by their cause: unresolved ones first, otherwise in order of occurrence.</summary>
    public static IReadOnlyList<ProblemGroup> Create(IEnumerable<DatasetProblem> problems)
    {
        Dictionary<(DatasetProblemKind, string), (List<DatasetProblem> Examples, int[] Count)> groups = [];
        foreach (DatasetProblem problem in problems)
        {
            (DatasetProblemKind, string) key = (problem.Kind, RemoveValues(problem.Cause ?? problem.Message));
            if (!groups.TryGetValue(key, out (List<DatasetProblem> Examples, int[] Count) group))
            {
                groups[key] = group = ([], [0]);
            }

            group.Count[0]++;
            if (group.Examples.Count < MaxExamples)
            {
                group.Examples.Add(problem);
            }
        }

        return [.. groups.Values.Select(group => new ProblemGroup(group.Examples[0], group.Count[0], group.Examples)).OrderBy(group => group.IsResolved)];
    }

    /// <summary>Returns the message of a single problem; otherwise the count, the cause, and the first three places.</summary>
    public string Describe() => Count == 1 || First.Cause is null
        ? First.Message
        : string.Create(CultureInfo.InvariantCulture, $"{Count:N0} times: {First.Cause}. First: {string.Join(", ", Examples.Select(problem => problem.Place ?? problem.File))}.");

    /// <summary>Returns a cause without the values that differ from place to place: quoted text and numbers.</summary>
    internal static string RemoveValues(string cause)
    {
        StringBuilder text = new(cause.Length);
        for (int i = 0; i < cause.Length; i++)
        {
            int end = cause[i] == '\'' && (i == 0 || !char.IsLetter(cause[i - 1])) ? cause.IndexOf('\'', i + 1) : -1;
            if (end > i)
            {
                text.Append("''");
                i = end;
            }
            else if (char.IsAsciiDigit(cause[i]))
            {
                text.Append(text.Length > 0 && text[^1] == '#' ? "" : "#");
            }
            else
            {
                text.Append(cause[i]);
            }
        }

        return text.ToString();
    }
}
