namespace FocalSharp.Datasets.Files;

/// <summary>Finds files of a data set whose paths were written on another machine.</summary>
internal static class PathSuffixes
{
    // Real paths are shorter; annotations are untrusted.
    private const int MaxParts = 64;

    /// <summary>
    /// Returns the existing path below a root that has the longest possible end of a given path: <c>/home/x/set/images/a.png</c> is found as
    /// <c>images/a.png</c>. Null if there is none.
    /// </summary>
    /// <param name="root">The data set's folder; nothing outside it is returned.</param>
    /// <param name="path">The path, absolute or relative, of any system.</param>
    /// <param name="folders">The folders that the path may be relative to, all within the root.</param>
    /// <param name="index">Finds names that differ in case or normalization; null for exact names.</param>
    /// <param name="minParts">The minimum number of names in the end of the path.</param>
    public static string? Find(DatasetRoot root, string path, IReadOnlyList<string> folders, FolderIndex? index = null, int minParts = 1)
    {
        string[] parts = [.. path.Replace('\\', '/').Split('/').Where(part => part is not ("" or "." or ".."))];
        for (int skipped = Math.Max(0, parts.Length - MaxParts); skipped <= parts.Length - minParts; skipped++)
        {
            string end = string.Join('/', parts[skipped..]);
            foreach (string folder in folders)
            {
                string? full = root.Resolve(folder, end);
                if (full is not null && (index is null ? (Path.Exists(full) ? full : null) : index.Find(full)) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>Returns the existing path of a path in a file of the data set: as it is stated, or by its end.</summary>
    public static string? FindExisting(this DatasetRoot root, string path, string folder) =>
        root.ResolveAllowingAbsolute(folder, path) is { } stated && Path.Exists(stated) ? stated
        : root.ResolveAllowingAbsolute(root.Folder, path) is { } inRoot && Path.Exists(inRoot) ? inRoot
        : Find(root, path, folder == root.Folder ? [root.Folder] : [folder, root.Folder]);
}
