using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Images that the data set does not contain although a label file is beside them, such as files of a second format in one folder.</summary>
internal sealed class UnreadLabels() : LintRule(
    "FS123", "unread-label", LintSeverity.Error,
    "image files with a label file beside them that is not read: the folder has labels of two formats, and one is used",
    "convert one of them, so that all have one format, or move them into a data set of their own")
{
    private static readonly string[] LabelExtensions = [".xml", ".json", ".txt"];

    protected override void Analyze(LintContext context, LintCollector found)
    {
        HashSet<string> listed = new(context.Dataset.Images.Select(image => image.Path), StringComparer.Ordinal);
        HashSet<string> refused = [.. context.Dataset.Problems.Select(problem => problem.Image).OfType<string>().Select(name => Path.GetFileName(name))];
        foreach (string folder in listed.Select(path => Path.GetDirectoryName(path) ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(Directory.Exists))
        {
            HashSet<string> names = [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))];
            foreach (string name in names.Where(name => !name.StartsWith('.') && ImageFiles.IsImage(name)).Order(StringComparer.Ordinal))
            {
                string file = Path.Combine(folder, name);
                if (listed.Contains(file) || refused.Contains(name))
                {
                    continue;
                }

                string? label = LabelExtensions.Select(extension => Path.GetFileNameWithoutExtension(name) + extension).FirstOrDefault(names.Contains);
                if (label is not null && new FileInfo(Path.Combine(folder, label)).Length > 0)
                {
                    found.Add(new LintExample(null, file, null, null, $"'{label}' beside it is not read"));
                }
            }
        }
    }
}
