namespace FocalSharp.Datasets.Files;

/// <summary>
/// Finds image files: by their extension, ignoring case, or by their content if the extension is unusual or missing.
/// </summary>
internal static class ImageFiles
{
    internal static readonly string[] Extensions =
    [
        ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic", ".heif", ".hif", ".avif",
        ".jpe", ".jfif", ".jif", ".jfi", ".pjpeg", ".pjp", ".mpo", ".apng", ".dib",
    ];

    // Never images, and often as many as the images: their content is not looked at.
    private static readonly HashSet<string> OtherExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".xml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".yaml", ".yml", ".md", ".html", ".htm", ".names", ".data", ".cfg", ".ini",
        ".cache", ".log", ".py", ".sh", ".zip", ".gz", ".tar", ".npy", ".npz", ".pt", ".pth", ".onnx", ".safetensors", ".parquet", ".db", ".tmp",
    };

    /// <summary>Returns whether a file is an image: by its extension, or if that is not a known one, by its first bytes.</summary>
    /// <param name="path">The path.</param>
    public static bool IsImage(string path)
    {
        string extension = Path.GetExtension(path);
        return HasImageExtension(extension) || (!OtherExtensions.Contains(extension) && ImageHeader.TryReadInfo(path) is not null);
    }

    /// <summary>
    /// Returns all images below a folder, in ordinal order of their paths. Links to folders are followed, each folder once; hidden files are
    /// skipped.
    /// </summary>
    /// <param name="folder">The folder.</param>
    public static IReadOnlyList<string> EnumerateRecursive(string folder)
    {
        string[] files = [.. FolderTree.EnumerateFiles(folder).Where(IsImage)];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>Returns the image with a name in a folder, with any extension or none, or null.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="stem">The file name without its extension.</param>
    public static string? FindByStem(string folder, string stem)
    {
        foreach (string extension in Extensions)
        {
            string path = Path.Combine(folder, stem + extension);
            if (File.Exists(path))
            {
                return path;
            }

            path = Path.Combine(folder, stem + extension.ToUpperInvariant());
            if (File.Exists(path))
            {
                return path;
            }
        }

        string bare = Path.Combine(folder, stem);
        return File.Exists(bare) && ImageHeader.TryReadInfo(bare) is not null ? bare : null;
    }

    /// <summary>Returns whether a file is neither an image nor an annotation file or the like.</summary>
    internal static bool IsUnknown(string path) => !OtherExtensions.Contains(Path.GetExtension(path)) && !IsImage(path);

    /// <summary>Returns whether an extension, with its dot, is that of an image.</summary>
    internal static bool HasImageExtension(string extension) => Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase);
}
