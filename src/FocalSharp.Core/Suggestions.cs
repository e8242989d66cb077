namespace FocalSharp;

/// <summary>Finds what a person meant by a mistyped word: an option, a verb, a recipe key, a class name.</summary>
public static class Suggestions
{
    /// <summary>
    /// The candidate nearest to the word, or null where none is near enough. Distance counts insertions, deletions,
    /// substitutions and swaps of neighbours, ignoring case; about a third of the letters may differ. A candidate that the word
    /// abbreviates (<c>thresh</c> for <c>threshold</c>) is near as well.
    /// </summary>
    public static string? Closest(string word, IEnumerable<string> candidates)
    {
        const int Longest = 100; // comparing costs the product of the lengths, and nobody mistypes a page
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

    /// <summary><c>" Did you mean 'x'?"</c>, with its leading space, or an empty text where nothing is near.</summary>
    public static string DidYouMean(string word, IEnumerable<string> candidates) =>
        Closest(word, candidates) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>Edits between two words: optimal string alignment (Levenshtein with swaps of neighbours).</summary>
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
