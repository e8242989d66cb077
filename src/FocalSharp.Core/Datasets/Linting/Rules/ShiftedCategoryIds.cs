namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Category ids that are off by one.</summary>
internal sealed class ShiftedCategoryIds() : LintRule(
    "FS302", "shifted-ids", LintSeverity.Error,
    "category ids that are off by one: some are unknown, but all are known after adding or subtracting 1",
    "correct the ids or the list of categories; as it is, every object has the class of the adjacent id")
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
            // Only one id may be unknown: a list with gaps is another problem.
            if (unknown.Length == 1 && used.All(id => known.Contains(id + shift)))
            {
                string direction = shift > 0 ? "one too low" : "one too high";
                found.Add($"ids {used[0]} to {used[^1]} are used, {known.Min()} to {known.Max()} are listed; {unknown[0]} is not");
                found.AddCount(statistics.UsedCategoryIds.Values.Sum() - 1);
                found.Text = $"all category ids seem to be {direction}: {unknown[0]} is unknown, and after {(shift > 0 ? "adding" : "subtracting")} 1 every id is known";
                return;
            }
        }
    }
}
