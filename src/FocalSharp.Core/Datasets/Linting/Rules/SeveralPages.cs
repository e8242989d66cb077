namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>TIFF files of several pages.</summary>
internal sealed class SeveralPages() : LintRule(
    "FS120", "several-pages", LintSeverity.Note,
    "TIFF files of several pages; the first page is read",
    "nothing if the labels are those of the first page; else save the pages as files of their own")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        for (int i = 0; i < (context.Fingerprints?.Count ?? 0); i++)
        {
            if (context.Fingerprints![i].PageCount > 1)
            {
                found.Add(context.Dataset.Images[i], $"has {context.Fingerprints[i].PageCount} pages");
            }
        }
    }
}
