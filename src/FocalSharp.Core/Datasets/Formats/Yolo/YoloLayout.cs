using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Finds the files of a YOLO data set.</summary>
internal static class YoloLayout
{
    private static readonly string[] Preferred = ["data.yaml", "data.yml", "dataset.yaml", "dataset.yml"];

    /// <summary>Returns the YAML files of a folder that may describe a data set, most likely first.</summary>
    public static IEnumerable<string> Candidates(string folder)
    {
        string[] preferred = [.. Preferred.Select(name => Path.Combine(folder, name)).Where(File.Exists)];
        return preferred.Concat(Directory.EnumerateFiles(folder, "*.y*ml").Order(StringComparer.Ordinal)).Distinct();
    }

    /// <summary>
    /// Returns the label file of an image: the last folder <c>images</c> becomes <c>labels</c>, the extension <c>.txt</c>.
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
    /// Returns the images of a source, which is a folder, an image or a list file. Paths outside the root are reported.
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
                $"'{ProblemLog.Sanitize(source)}' leaves the data set's folder, skipped",
                "write it relative to that folder, or set the folder with 'path:'");
            return [];
        }

        if (!seen.Add((split, place)))
        {
            return []; // listed more than once for the same split
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
                $"'{ProblemLog.Sanitize(source)}' is neither a folder nor a list file, skipped",
                "correct the path or remove the key");
            return [];
        }

        return ImageFiles.IsImage(place) ? [(place, Path.GetFileName(place))] : ReadList(place, root, raw);
    }

    // Roboflow writes ../train/images into a data.yaml that is in the same folder as train/.
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
                    "the path leaves the data set's folder, skipped",
                    "write it relative to that folder",
                    line);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                $"the list cannot be read ({ProblemLog.Sanitize(exception.Message)}), skipped",
                "fix the file");
        }

        return images;
    }
}
