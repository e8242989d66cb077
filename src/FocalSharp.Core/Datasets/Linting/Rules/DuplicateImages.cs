namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Identical files in one split.</summary>
internal sealed class DuplicateImages() : LintRule(
    "FS403", "repeated-image", LintSeverity.Warning,
    "identical image files in one split: they count twice",
    "remove all but one of each")
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
                    found.Add(images[other], $"identical to '{images[part.First()].FileName}'");
                }
            }
        }
    }
}
