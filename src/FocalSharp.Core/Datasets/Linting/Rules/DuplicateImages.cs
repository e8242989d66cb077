namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>The same file twice in one split.</summary>
internal sealed class DuplicateImages() : LintRule(
    "FS403", "repeated-image", LintSeverity.Warning,
    "images that lie twice in one split, byte for byte: they count double",
    "keep one of each")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        IReadOnlyList<DatasetImage> images = context.Dataset.Images;
        foreach (int[] group in context.Duplicates.Identical)
        {
            foreach (IGrouping<DatasetSplit, int> part in group.GroupBy(i => images[i].Split))
            {
                foreach (int other in part.Skip(1))
                {
                    found.Add(images[other], $"the same as '{images[part.First()].FileName}'");
                }
            }
        }
    }
}
