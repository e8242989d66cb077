using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Files among the images that are neither images nor annotations.</summary>
internal sealed class OtherFiles() : LintRule(
    "FS122", "other-file", LintSeverity.Note,
    "files among the images that are neither images that can be read nor annotations; they are not read",
    "convert them to JPEG or PNG if they are images, extract the frames of videos, or move them away")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        HashSet<string> listed = new(context.Dataset.Images.Select(image => image.Path), StringComparer.Ordinal);
        foreach (string file in ImageFolders.EnumerateFiles(context.Dataset))
        {
            if (!Path.GetFileName(file).StartsWith('.') && !listed.Contains(file) && ImageFiles.IsUnknown(file))
            {
                found.Add(new LintExample(null, file, null, null, ContentSignature.Describe(file) ?? "not an image"));
            }
        }
    }
}
