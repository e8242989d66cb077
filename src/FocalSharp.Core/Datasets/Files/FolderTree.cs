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
        HashSet<string> visited = new(StringComparer.Ordinal) { paths.GetFolder(folder) };
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
                else if (next.Depth < MaxDepth && visited.Add(paths.GetFolder(path)))
                {
                    open.Push((path, next.Depth + 1));
                }
            }
        }
    }
}
