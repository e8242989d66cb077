using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Versions of one source image in two splits, recognized by their names.</summary>
internal sealed class LeakedSources() : LintRule(
    "FS406", "leaked-source", LintSeverity.Warning,
    "images in two splits that are versions of one source by their names (NAME_jpg.rf.HASH, NAME_aug3, NAME copy)",
    "split before augmenting and export again; remove such images from one split")
{
    protected override void Analyze(LintContext context, LintCollector found)
    {
        Dictionary<string, DatasetImage> first = new(StringComparer.OrdinalIgnoreCase);
        foreach (DatasetImage image in context.Dataset.Images.OrderBy(image => image.Split))
        {
            string stem = Path.GetFileNameWithoutExtension(image.FileName);
            string source = SourceOf(stem);
            if (source.Length < stem.Length && !first.TryAdd(source, image) && first[source].Split != image.Split && first[source].Path != image.Path)
            {
                found.Add(image, $"in {SplitNames.GetName(image.Split)}, a version of '{first[source].FileName}' in {SplitNames.GetName(first[source].Split)}");
            }
        }
    }

    /// <summary>Returns the name without the suffix that an export or an augmentation appends.</summary>
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
