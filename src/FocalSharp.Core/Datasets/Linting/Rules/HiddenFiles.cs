using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Hidden files among the images that have an image's or a label's extension.</summary>
internal sealed class HiddenFiles() : LintRule(
    "FS121", "hidden-file", LintSeverity.Note,
    "hidden files with the extension of an image or a label among the images; they are not read",
    "delete them: names that begin with ._ are metadata of macOS; rename those that are needed")
{
    private static readonly string[] LabelExtensions = [".txt", ".xml", ".json"];

    protected override void Analyze(LintContext context, LintCollector found)
    {
        HashSet<string> listed = new(context.Dataset.Images.Select(image => image.Path), StringComparer.Ordinal);
        foreach (string file in ImageFolders.EnumerateFiles(context.Dataset))
        {
            string name = Path.GetFileName(file);
            string extension = Path.GetExtension(name);
            if (name.StartsWith('.') && name.Length > extension.Length && !listed.Contains(file)
                && (ImageFiles.HasImageExtension(extension) || LabelExtensions.Contains(extension, StringComparer.OrdinalIgnoreCase)))
            {
                found.Add(new LintExample(null, file, null, null, ContentSignature.Describe(file) is { } content ? $"hidden: {content}" : "hidden"));
            }
        }
    }
}
