namespace FocalSharp.Datasets.Files;

/// <summary>Finds image files by their extension: .jpg, .jpeg, .png, .bmp, .gif or .webp, ignoring case.</summary>
internal static class ImageFiles
{
    internal static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    /// <summary>Returns whether a path has the extension of an image.</summary>
    /// <param name="path">The path.</param>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

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

    /// <summary>Returns the image with a name in a folder, with any extension, or null.</summary>
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

        return null;
    }
}
