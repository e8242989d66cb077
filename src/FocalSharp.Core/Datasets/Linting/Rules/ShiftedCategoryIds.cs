namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Category ids that all fit once one is added or taken away.</summary>
internal sealed class ShiftedCategoryIds() : LintRule(
    "FS302", "shifted-ids", LintSeverity.Error,
    "category ids of which some are unknown, while all are known once one is added or taken away: counted from 0 in one place and from 1 in the other",
    "correct the ids or the list of categories; as it is, every object has its neighbour's class")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        if (context.Dataset.ReadStatistics is not { } statistics || statistics.IsTruncated)
        {
            return;
        }

        HashSet<long> known = [.. statistics.KnownCategoryIds];
        long[] used = [.. statistics.UsedCategoryIds.Keys.Order()];
        long[] unknown = [.. used.Where(id => !known.Contains(id))];
        if (unknown.Length == 0 || known.Count == 0)
        {
            return;
        }

        foreach (int shift in (ReadOnlySpan<int>)[1, -1])
        {
            // Only one id may stick out: a list that lacks some in the middle is another fault.
            if (unknown.Length == 1 && used.All(id => known.Contains(id + shift)))
            {
                string way = shift > 0 ? "one too low" : "one too high";
                found.Add($"ids {used[0]} to {used[^1]} are used, {known.Min()} to {known.Max()} are listed; {unknown[0]} is not");
                found.AddCount(statistics.UsedCategoryIds.Values.Sum() - 1);
                found.Text = $"all objects' category ids seem {way}: {unknown[0]} is unknown, and with {(shift > 0 ? "1 added" : "1 taken away")} every id is known";
                return;
            }
        }
    }
}
