using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>Finds labeled folders beside those of splits, such as <c>batch7/</c> beside <c>train/</c> and <c>val/</c>: their images would be left out silently.</summary>
internal static class UnreadFolders
{
    private const int MaxDepth = 2;
    private const int MaxFiles = 2000;
    private static readonly string[] LabelExtensions = [".xml", ".json", ".txt"];
    private static readonly string[] TableExtensions = [".json", ".jsonl", ".ndjson", ".csv"];

    /// <summary>Reports them, if the data set has folders of splits.</summary>
    public static void Report(IReadOnlyList<RawImage> images, RawDataset raw)
    {
        string root = raw.Root.Folder;
        if (!Directory.Exists(root))
        {
            return;
        }

        HashSet<string> used = [.. images.Select(image => GetTopFolder(root, image.Path)).OfType<string>()];
        if (!SplitNames.FindFolders(root).Any(split => used.Contains(Path.GetFileName(split.Folder))))
        {
            return;
        }

        EnumerationOptions options = new() { IgnoreInaccessible = true };
        foreach (string folder in Directory.EnumerateDirectories(root, "*", options).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(folder);
            if (!used.Contains(name) && !raw.SearchedImageFolders.Contains(folder) && HasLabeledImages(folder))
            {
                raw.Log.Add(
                    DatasetProblemKind.UnknownSplit,
                    raw.Root.GetRelativePath(folder),
                    "the folder has images and labels, but its name is not that of a split, so they are neither trained nor evaluated on",
                    "name it train, val or test, merge it into one of them, or move it away");
            }
        }
    }

    private static string? GetTopFolder(string root, string path)
    {
        string relative = Path.GetRelativePath(root, path).Replace('\\', '/');
        int slash = relative.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? relative[..slash] : null;
    }

    // An image with a label file of its name, or a file that may label all of them.
    private static bool HasLabeledImages(string folder)
    {
        EnumerationOptions options = new() { IgnoreInaccessible = true, RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth };
        string[] files = [.. Directory.EnumerateFiles(folder, "*", options).Take(MaxFiles)];
        HashSet<string> stems = [.. files.Where(file => LabelExtensions.Contains(Path.GetExtension(file).ToLowerInvariant())).Select(file => Path.GetFileNameWithoutExtension(file))];
        bool hasTable = files.Any(file => TableExtensions.Contains(Path.GetExtension(file).ToLowerInvariant()));
        return files.Any(file => ImageFiles.IsImage(file) && (hasTable || stems.Contains(Path.GetFileNameWithoutExtension(file))));
    }
}
