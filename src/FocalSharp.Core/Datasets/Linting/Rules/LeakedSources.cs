using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Versions of one source image in two splits, told by their names.</summary>
internal sealed class LeakedSources() : LintRule(
    "FS406", "leaked-source", LintSeverity.Warning,
    "images that by their names (NAME_jpg.rf.HASH, NAME_aug3, NAME copy) are versions of one source and lie in two splits",
    "export again with the split made before the augmentation; remove such images from one split")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        Dictionary<string, DatasetImage> first = new(StringComparer.OrdinalIgnoreCase);
        foreach (DatasetImage image in context.Dataset.Images.OrderBy(image => image.Split))
        {
            string stem = Path.GetFileNameWithoutExtension(image.FileName);
            string source = SourceOf(stem);
            if (source.Length < stem.Length && !first.TryAdd(source, image) && first[source].Split != image.Split)
            {
                found.Add(image, $"in {SplitNames.GetName(image.Split)}, a version of '{first[source].FileName}' in {SplitNames.GetName(first[source].Split)}");
            }
        }
    }

    /// <summary>The name without the mark that an export or an augmentation puts behind it.</summary>
    internal static string SourceOf(string stem)
    {
        foreach (string mark in (ReadOnlySpan<string>)[".rf.", "_aug", "-aug", " copy", "_copy", " - Copy"])
        {
            int at = stem.LastIndexOf(mark, StringComparison.OrdinalIgnoreCase);
            if (at > 0 && (mark == ".rf." || stem.AsSpan(at + mark.Length).Trim("_- ()0123456789").IsEmpty))
            {
                return stem[..at];
            }
        }

        return stem;
    }
}
