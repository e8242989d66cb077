namespace FocalSharp;

/// <summary>Finds the intended word for a mistyped one: an option, a command, a recipe key, a class name.</summary>
internal static class Suggestions
{
    /// <summary>
    /// Returns the candidate nearest to a word, or null if none is near enough. The distance counts insertions, deletions,
    /// substitutions and swaps of adjacent letters, ignoring case; about a third of the letters may differ. A candidate that the word
    /// abbreviates (<c>thresh</c> for <c>threshold</c>) is near as well.
    /// </summary>
    public static string? Closest(string word, IEnumerable<string> candidates)
    {
        const int Longest = 100; // the cost is the product of the lengths
        if (word.Length > Longest)
        {
            return null;
        }

        string typed = word.ToLowerInvariant();
        int allowed = Math.Max(1, typed.Trim('-').Length / 3);
        string? best = null;
        int min = int.MaxValue;
        foreach (string candidate in candidates)
        {
            if (candidate.Length > Longest)
            {
                continue;
            }

            string known = candidate.ToLowerInvariant();
            bool abbreviated = typed.Trim('-').Length >= 3 && known.StartsWith(typed, StringComparison.Ordinal);
            int distance = Distance(typed, known);
            if ((abbreviated || distance <= allowed) && distance < min)
            {
                (best, min) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Returns <c>" Did you mean 'x'?"</c>, with a leading space, or an empty string if no candidate is near.</summary>
    public static string DidYouMean(string word, IEnumerable<string> candidates) =>
        Closest(word, candidates) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>Returns the number of edits between two words: optimal string alignment (Levenshtein with swaps of adjacent letters).</summary>
    public static int Distance(string first, string second)
    {
        int[,] edits = new int[first.Length + 1, second.Length + 1];
        for (int i = 0; i <= first.Length; i++)
        {
            for (int j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                int change = first[i - 1] == second[j - 1] ? 0 : 1;
                int min = Math.Min(edits[i - 1, j - 1] + change, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                bool swapped = i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1];
                edits[i, j] = swapped ? Math.Min(min, edits[i - 2, j - 2] + 1) : min;
            }
        }

        return edits[first.Length, second.Length];
    }
}
