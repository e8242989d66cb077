using FocalSharp.Datasets.Linting.Copies;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images that look like another of their split.</summary>
internal sealed class NearDuplicates() : LintRule(
    "FS404", "near-duplicate", LintSeverity.Note,
    "images that look like another of their split: less variety than the number of images suggests",
    "label other images before more of these; if images are held out automatically, group the duplicates")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (NearDuplicate copy in context.Duplicates.WithinSplit)
        {
            found.Add(context.Dataset.Images[copy.Image], $"{copy.Describe()} '{context.Dataset.Images[copy.Other].FileName}'");
        }
    }
}
