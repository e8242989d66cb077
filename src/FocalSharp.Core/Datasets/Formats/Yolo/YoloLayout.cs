using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Finds the parts of a YOLO data set.</summary>
internal static class YoloLayout
{
    private static readonly string[] Preferred = ["data.yaml", "data.yml", "dataset.yaml", "dataset.yml"];

    /// <summary>YAML files of a folder that may describe a data set, likeliest first.</summary>
    public static IEnumerable<string> Candidates(string folder)
    {
        string[] preferred = [.. Preferred.Select(name => Path.Combine(folder, name)).Where(File.Exists)];
        return preferred.Concat(Directory.EnumerateFiles(folder, "*.y*ml").Order(StringComparer.Ordinal)).Distinct();
    }

    /// <summary>
    /// The label file of an image: the last folder <c>images</c> becomes <c>labels</c>, the ending <c>.txt</c>.
    /// </summary>
    public static string LabelFile(string image, DatasetRoot root)
    {
        string relative = root.GetRelativePath(Path.ChangeExtension(image, ".txt"));
        string[] parts = relative.Split('/');
        int folder = Array.FindLastIndex(parts, Math.Max(0, parts.Length - 2), part => part == "images");
        if (folder < 0 || parts.Length == 1)
        {
            return Path.ChangeExtension(image, ".txt");
        }

        parts[folder] = "labels";
        return Path.Combine([root.Folder, .. parts]);
    }

    /// <summary>
    /// The images of a source: a folder's, an image itself, or those that a list file names. What leaves the root is reported.
    /// </summary>
    public static IEnumerable<(string Path, string Name)> Images(
        string source, DatasetSplit split, HashSet<(DatasetSplit Split, string Place)> seen, DatasetRoot root, string shown, RawDataset raw)
    {
        string? place = ResolvePath(source, root);
        if (place is null)
        {
            raw.Log.Add(
                DatasetProblemKind.EscapingPath,
                shown,
                $"'{ProblemLog.Sanitize(source)}' leaves the data set's folder, left out",
                "write it relative to that folder, or name the folder by 'path:'");
            return [];
        }

        if (!seen.Add((split, place)))
        {
            return []; // listed twice for one split, as it may be a thousand times
        }

        raw.SearchedImageFolders.Add(place);
        if (Directory.Exists(place))
        {
            return ImageFiles.EnumerateRecursive(place).Select(path => (path, Path.GetRelativePath(place, path).Replace('\\', '/')));
        }

        if (!File.Exists(place))
        {
            raw.Log.Add(
                DatasetProblemKind.MissingImage,
                shown,
                $"'{ProblemLog.Sanitize(source)}' is neither a folder nor a list file, left out",
                "correct the path or remove the key");
            return [];
        }

        return ImageFiles.IsImage(place) ? [(place, Path.GetFileName(place))] : ReadList(place, root, raw);
    }

    // Roboflow writes ../train/images into a data.yaml that lies beside train/.
    private static string? ResolvePath(string source, DatasetRoot root)
    {
        string portable = source.Replace('\\', '/');
        string? direct = root.ResolveAllowingAbsolute(root.Folder, portable);
        string? stripped = portable.StartsWith("../", StringComparison.Ordinal) ? root.Resolve(root.Folder, portable[3..]) : null;
        return direct ?? (stripped is not null && Path.Exists(stripped) ? stripped : null);
    }

    private static List<(string Path, string Name)> ReadList(string list, DatasetRoot root, RawDataset raw)
    {
        string shown = raw.Root.GetRelativePath(list);
        string folder = Path.GetDirectoryName(list)!;
        List<(string, string)> images = [];
        try
        {
            foreach (string line in BoundedText.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0))
            {
                string? inRoot = root.ResolveAllowingAbsolute(root.Folder, line);
                string? besideList = root.ResolveAllowingAbsolute(folder, line);
                string? path = besideList is not null && File.Exists(besideList) ? besideList : inRoot ?? besideList;
                if (path is not null)
                {
                    images.Add((path, root.GetRelativePath(path)));
                    continue;
                }

                raw.Log.Add(
                    DatasetProblemKind.EscapingPath,
                    shown,
                    "the path leaves the data set's folder, left out",
                    "write it relative to that folder",
                    line);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                $"the list cannot be read ({ProblemLog.Sanitize(exception.Message)}), left out",
                "mend the file");
        }

        return images;
    }
}
