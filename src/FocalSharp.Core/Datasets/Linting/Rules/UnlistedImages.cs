using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Image files in the data set's folders that no annotation lists.</summary>
internal sealed class UnlistedImages() : LintRule(
    "FS114", "unlisted-image", LintSeverity.Note,
    "image files in the data set's folders that no annotation lists: they are neither trained nor evaluated on",
    "annotate them, list them as images without objects, or move them away")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        HashSet<string> listed = new(context.Dataset.Images.Select(image => image.Path), StringComparer.Ordinal);
        HashSet<string> refused =
        [
            .. context.Dataset.Problems.Select(problem => problem.Image).OfType<string>().Select(name => Path.GetFileName(name)),
        ];
        string[] folders = [.. listed.Select(path => Path.GetDirectoryName(path) ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (string folder in folders.Where(Directory.Exists))
        {
            foreach (string file in Directory.EnumerateFiles(folder).Where(file => !Path.GetFileName(file).StartsWith('.') && ImageFiles.IsImage(file)))
            {
                if (!listed.Contains(file) && !refused.Contains(Path.GetFileName(file)))
                {
                    found.Add(new LintExample(null, file, null, null, "no annotation lists it"));
                }
            }
        }
    }
}
