using FocalSharp.Datasets.Linting.Copies;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images that look like another of their split.</summary>
internal sealed class NearDuplicates() : LintRule(
    "FS404", "near-copy", LintSeverity.Note,
    "images that look like another of their split: less variety than the number of images promises",
    "label other images before more of these; where there is no split of one's own, hold copies out together")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (NearDuplicate copy in context.Duplicates.WithinSplit)
        {
            found.Add(context.Dataset.Images[copy.Image], $"{copy.Describe()} '{context.Dataset.Images[copy.Other].FileName}'");
        }
    }
}
