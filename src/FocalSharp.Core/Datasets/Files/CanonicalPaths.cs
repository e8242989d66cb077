namespace FocalSharp.Datasets.Files;

/// <summary>Resolves symbolic links in paths, so that one file is recognized under two names. Folders are resolved once.</summary>
internal sealed class CanonicalPaths
{
    // As many as Linux follows in a path.
    private const int MaxLinks = 40;

    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>Returns the full path without symbolic links; the path itself where a link cannot be resolved.</summary>
    /// <param name="fullPath">The full path of a file, which need not exist.</param>
    public string Get(string fullPath)
    {
        string? folder = Path.GetDirectoryName(fullPath);
        return folder is null ? fullPath : Follow(Path.Combine(GetFolder(folder, 0), Path.GetFileName(fullPath)), 0, isFolder: false);
    }

    /// <summary>Returns the full path of a folder without symbolic links.</summary>
    public string GetFolder(string fullPath) => GetFolder(Path.TrimEndingDirectorySeparator(fullPath), 0);

    private string GetFolder(string folder, int links)
    {
        if (_folders.TryGetValue(folder, out string? known))
        {
            return known;
        }

        string? parent = Path.GetDirectoryName(folder);
        return _folders[folder] = parent is null || links > MaxLinks
            ? folder
            : Follow(Path.Combine(GetFolder(parent, links), Path.GetFileName(folder)), links, isFolder: true);
    }

    private string Follow(string path, int links, bool isFolder)
    {
        try
        {
            FileSystemInfo info = isFolder ? new DirectoryInfo(path) : new FileInfo(path);
            if (links > MaxLinks || info.LinkTarget is not { } target)
            {
                return path;
            }

            string full = Path.GetFullPath(target, Path.GetDirectoryName(path)!);
            return isFolder ? GetFolder(full, links + 1) : Follow(Path.Combine(GetFolder(Path.GetDirectoryName(full)!, links + 1), Path.GetFileName(full)), links + 1, isFolder: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return path;
        }
    }
}
