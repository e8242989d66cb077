namespace FocalSharp.Datasets.Files;

/// <summary>Image files by their endings.</summary>
internal static class ImageFiles
{
    public static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>All images below a folder, in ordinal order of their paths, so that no file system's order shows.</summary>
    public static IReadOnlyList<string> EnumerateRecursive(string folder)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 16 };
        string[] files = [.. Directory.EnumerateFiles(folder, "*", options).Where(IsImage)];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>The image of a stem in a folder, whatever its ending, or null.</summary>
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
