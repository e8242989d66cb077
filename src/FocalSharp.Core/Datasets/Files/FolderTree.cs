using System.IO.Enumeration;

namespace FocalSharp.Datasets.Files;

/// <summary>Enumerates the files below a folder; symbolic links are followed, but no folder is visited twice.</summary>
internal static class FolderTree
{
    private const int MaxDepth = 16;

    /// <summary>Returns the files below a folder without hidden ones, in no particular order.</summary>
    public static IEnumerable<string> EnumerateFiles(string folder)
    {
        CanonicalPaths paths = new();
        string start = paths.GetFolder(folder);
        HashSet<string> visited = new(StringComparer.Ordinal) { start };
        Stack<(string Folder, int Depth)> open = new([(folder, 0)]);
        EnumerationOptions options = new() { IgnoreInaccessible = true };
        while (open.TryPop(out (string Folder, int Depth) next))
        {
            FileSystemEnumerable<(string Path, bool IsFolder)> entries =
                new(next.Folder, (ref FileSystemEntry entry) => (entry.ToSpecifiedFullPath(), entry.IsDirectory), options);
            foreach ((string path, bool isFolder) in entries)
            {
                if (!isFolder)
                {
                    yield return path;
                }
                else if (next.Depth < MaxDepth && paths.GetFolder(path) is { } real && !IsInside(start, real) && visited.Add(real))
                {
                    open.Push((path, next.Depth + 1));
                }
            }
        }
    }

    // A link to a folder above would add the folders beside the one that was asked for.
    private static bool IsInside(string path, string folder) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
