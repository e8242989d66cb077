namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Image files in the data set's folders that no annotation lists.</summary>
internal sealed class UnlistedImages() : LintRule(
    "FS114", "unlisted-image", LintSeverity.Note,
    "image files in the data set's folders that no annotation lists: they are neither trained nor evaluated on",
    "annotate them, list them as images without objects, or move them away")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        foreach (string file in UnlistedImageFiles.Find(context))
        {
            found.Add(new LintExample(null, file, null, null, "no annotation lists it"));
        }
    }
}
