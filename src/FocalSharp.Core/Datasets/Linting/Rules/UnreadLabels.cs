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
        foreach (string file in UnlistedImageFiles.Find(context).Order(StringComparer.Ordinal))
        {
            string? label = LabelExtensions.Select(extension => Path.ChangeExtension(file, extension)).FirstOrDefault(File.Exists);
            if (label is not null && new FileInfo(label).Length > 0)
            {
                found.Add(new LintExample(null, file, null, null, $"'{Path.GetFileName(label)}' beside it is not read"));
            }
        }
    }
}
