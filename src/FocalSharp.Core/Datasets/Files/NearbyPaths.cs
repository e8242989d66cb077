namespace FocalSharp.Datasets.Files;

/// <summary>Suggests existing paths for one that does not exist, or that is not a data set.</summary>
internal static class NearbyPaths
{
    private const int MaxEntries = 10_000;
    private const int MaxFolders = 100;

    // What the folder of a data set contains.
    private static readonly string[] Signs = ["data.yaml", "dataset.yaml", "obj.data", "annotations", "Annotations", "_annotations.coco.json", "labels", "Labels"];

    /// <summary>Returns <c>" Did you mean 'x'?"</c> for the entry of the path's folder whose name is nearest, or an empty string.</summary>
    public static string DidYouMean(string path)
    {
        try
        {
            string trimmed = Path.TrimEndingDirectorySeparator(path);
            string name = Path.GetFileName(trimmed);
            string folder = Path.GetDirectoryName(trimmed) is { Length: > 0 } parent ? parent : ".";
            if (name.Length == 0 || !Directory.Exists(folder))
            {
                return "";
            }

            string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Take(MaxEntries).Select(entry => Path.GetFileName(entry))];
            return Suggestions.Closest(name, names) is { } near ? $" Did you mean '{Path.Combine(Path.GetDirectoryName(trimmed) ?? "", near)}'?" : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }

    /// <summary>Returns a subfolder, at most two levels below, with a file that describes a data set; null if there is none.</summary>
    public static string? FindDatasetBelow(string folder) => FindBelow(folder, ["data.yaml", "dataset.yaml", "obj.data"]);

    /// <summary>
    /// Returns <c>" Did you mean its folder 'x'?"</c> for a subfolder that looks like a data set, at most two levels below, or a list of such folders;
    /// an empty string if there is none.
    /// </summary>
    public static string DidYouMeanBelow(string folder)
    {
        const int MaxListed = 5;
        string[] found = [.. FindAllBelow(folder, Signs).Take(MaxListed + 1).Select(path => $"'{Path.GetRelativePath(folder, path).Replace('\\', '/')}'")];
        return found.Length switch
        {
            0 => "",
            1 => $" Did you mean its folder {found[0]}?",
            _ => $" Several of its folders look like data sets: {string.Join(", ", found.Take(MaxListed))}{(found.Length > MaxListed ? ", …" : "")}.",
        };
    }

    private static string? FindBelow(string folder, string[] signs) => FindAllBelow(folder, signs).FirstOrDefault();

    private static IEnumerable<string> FindAllBelow(string folder, string[] signs)
    {
        EnumerationOptions options = new() { IgnoreInaccessible = true, RecurseSubdirectories = true, MaxRecursionDepth = 1 };
        string[] found =
        [
            .. Directory.EnumerateDirectories(folder, "*", options).Take(MaxFolders).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal)
                .Where(path => Array.Exists(signs, sign => Path.Exists(Path.Combine(path, sign)))),
        ];
        return found.Where(path => !found.Contains(Path.GetDirectoryName(path)));
    }
}
