using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>
/// Finds the label file of each image: in <c>labels/</c> instead of <c>images/</c>, or beside the image. Names may differ in case and in Unicode
/// normalization. Label files that belong to no image are reported.
/// </summary>
/// <param name="root">The data set's folder.</param>
internal sealed class YoloLabelFinder(DatasetRoot root)
{
    /// <summary>Files with one class name per line: those of labelImg, Darknet, and Roboflow's Darknet export.</summary>
    public static readonly string[] NameLists = ["classes.txt", "obj.names", "_darknet.labels", "data.names", "labels.txt"];

    private const int MaxFilesSearched = 20_000;
    private const int Samples = 20;

    private static readonly string[] ImageFolders = ["images", "JPEGImages", "imgs", "img", "image"];

    private readonly FolderIndex _index = new();
    private readonly Dictionary<string, string[]> _labelFolders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _imageFolders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _foldersBeside = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _used = new(StringComparer.Ordinal);

    /// <summary>Returns the label file of an image, or null if there is none.</summary>
    /// <param name="image">The image's full path, within the root.</param>
    /// <param name="notes">Receives label files whose names are not those that the format prescribes.</param>
    public string? Find(string image, NoteCollector notes)
    {
        string name = Path.GetFileName(image);
        string stem = Path.GetFileNameWithoutExtension(image);
        string imageFolder = Path.GetDirectoryName(image)!;
        string[] folders = GetLabelFolders(imageFolder);
        string? found = FindExact(folders, stem + ".txt");
        if (found is null && FindNear(folders, stem + ".txt", imageFolder) is { } near)
        {
            found = near;
        }
        else if (found is null && FindNear(folders, name + ".txt", imageFolder) is { } full)
        {
            notes.Add("label files are named after the whole file name of their image", "name them NAME.txt", root.GetRelativePath(full));
            found = full;
        }

        if (found is not null && _foldersBeside.Contains(Path.GetDirectoryName(found)!))
        {
            notes.Add("labels are in a folder of another name than 'labels'", "rename it to 'labels'", root.GetRelativePath(found));
        }

        if (found is not null && !_used.TryAdd(found, image) && _used[found] != image)
        {
            notes.Add("label files belong to two images of the same name with different extensions", "remove one of the images", root.GetRelativePath(found));
        }

        return found;
    }

    /// <summary>Reports label files that belong to no image, and labels that were not found at all.</summary>
    /// <param name="raw">The data set with its images.</param>
    /// <param name="shown">The file that describes the data set, as messages show it.</param>
    public void ReportOrphans(RawDataset raw, string shown)
    {
        string? first = null;
        int count = 0;
        foreach ((string folder, HashSet<string> imageFolders) in _imageFolders)
        {
            HashSet<string> stems = [.. imageFolders.SelectMany(_index.GetNames).Where(name => !IsText(name)).Select(name => FolderIndex.GetKey(Path.GetFileNameWithoutExtension(name)))];
            foreach (string name in _index.GetNames(folder).Where(IsText).Order(StringComparer.Ordinal))
            {
                string path = Path.Combine(folder, name);
                if (!_used.ContainsKey(path) && !stems.Contains(FolderIndex.GetKey(Path.GetFileNameWithoutExtension(name))) && IsLabelFile(path))
                {
                    first ??= root.GetRelativePath(path);
                    count++;
                    raw.Log.Add(DatasetProblemKind.OrphanLabel, root.GetRelativePath(path), "the label file belongs to no image, it is not read", "name it like its image, or add the image");
                }
            }
        }

        if (_used.Count == 0 && raw.Images.Count > 0 && (first ?? FindAnyLabelFile()) is { } example)
        {
            raw.Log.Add(
                DatasetProblemKind.MissingLabels,
                shown,
                $"none of the {raw.Images.Count} images has a label file, but there are label files such as '{ProblemLog.Sanitize(example)}'",
                $"name them like their images, in {DescribeLabelFolder(raw.Images[0].Path)}");
        }
    }

    private string? FindExact(string[] folders, string name)
    {
        foreach (string folder in folders)
        {
            if (_index.Contains(folder, name))
            {
                return Path.Combine(folder, name);
            }
        }

        return null;
    }

    // A label file of another image, whose name it has exactly, is not taken.
    private string? FindNear(string[] folders, string name, string imageFolder)
    {
        foreach (string folder in folders)
        {
            if (_index.FindIn(folder, name) is { } near && IsText(near))
            {
                string stem = Path.GetFileNameWithoutExtension(near);
                bool other = stem != Path.GetFileNameWithoutExtension(name) && ImageFiles.FindByStem(imageFolder, stem) is not null;
                if (!other)
                {
                    return Path.Combine(folder, near);
                }
            }
        }

        return null;
    }

    private string[] GetLabelFolders(string imageFolder)
    {
        if (_labelFolders.TryGetValue(imageFolder, out string[]? known))
        {
            return known;
        }

        string[] stated = [.. EnumerateLabelFolders(imageFolder)];
        string[] found = [.. stated.Select(path => _index.Find(path) ?? FindSplitFolder(path)).OfType<string>()];
        if (Array.TrueForAll(found, path => path == imageFolder) && FindBeside(imageFolder) is [{ } beside])
        {
            _foldersBeside.Add(beside);
            found = [.. found, beside];
        }

        string[] folders = [.. found.Append(imageFolder).Distinct(StringComparer.Ordinal)];
        foreach (string folder in folders)
        {
            if (!_imageFolders.TryGetValue(folder, out HashSet<string>? images))
            {
                _imageFolders[folder] = images = new(StringComparer.Ordinal);
            }

            images.Add(imageFolder);
        }

        return _labelFolders[imageFolder] = folders;
    }

    // pics/ with txt/, pics/val with txt/val, val/pics with val/txt: the only folder beside that of the images that has label files.
    private string[] FindBeside(string imageFolder)
    {
        if (!root.Contains(imageFolder) || root.GetRelativePath(imageFolder) is not { } relative || relative == ".")
        {
            return [];
        }

        string[] parts = relative.Split('/');
        int named = Array.FindLastIndex(parts, part => ImageFolders.Contains(part, StringComparer.OrdinalIgnoreCase));
        return Enumerable.Range(0, parts.Length).Reverse().Where(images => named < 0 || images == named).Select(FindAt).FirstOrDefault(found => found.Length == 1) ?? [];

        string[] FindAt(int images) =>
        [
            .. Directory.GetDirectories(Path.Combine([root.Folder, .. parts[..images]]))
                .Where(path => Path.GetFileName(path) != parts[images])
                .Select(path => Path.Combine([path, .. parts[(images + 1)..]]))
                .Where(path => !_index.GetNames(path).Any(name => ImageFiles.HasImageExtension(Path.GetExtension(name))) && _index.GetNames(path).Where(IsText).Take(Samples).Any(name => IsLabelFile(Path.Combine(path, name)))),
        ];
    }

    // images/val with labels/valid.
    private static string? FindSplitFolder(string folder)
    {
        DatasetSplit split = SplitNames.FromName(Path.GetFileName(folder));
        string[] found = split == DatasetSplit.Unassigned ? [] : [.. SplitNames.FindFolders(Path.GetDirectoryName(folder)!).Where(other => other.Split == split).Select(other => other.Folder)];
        return found.Length == 1 ? found[0] : null;
    }

    private IEnumerable<string> EnumerateLabelFolders(string imageFolder)
    {
        string relative = root.GetRelativePath(imageFolder);
        string[] parts = relative == "." ? [] : relative.Split('/');
        int folder = Array.FindLastIndex(parts, part => ImageFolders.Contains(part, StringComparer.OrdinalIgnoreCase));
        if (folder >= 0)
        {
            yield return Path.Combine([root.Folder, .. parts[..folder], "labels", .. parts[(folder + 1)..]]);
            yield return Path.Combine([root.Folder, .. parts[..folder], "label", .. parts[(folder + 1)..]]);
        }
        else
        {
            yield return imageFolder;
            yield return Path.Combine(imageFolder, "labels");
            yield return Path.Combine([root.Folder, "labels", .. parts]);
        }
    }

    private string DescribeLabelFolder(string image)
    {
        string folder = EnumerateLabelFolders(Path.GetDirectoryName(image)!).First();
        string relative = root.GetRelativePath(folder);
        return relative == "." ? "the folder of the images" : $"'{ProblemLog.Sanitize(relative)}/'";
    }

    private string? FindAnyLabelFile() => FolderTree.EnumerateFiles(root.Folder).Take(MaxFilesSearched).Where(IsText).FirstOrDefault(IsLabelFile) is { } path
        ? root.GetRelativePath(path)
        : null;

    private static bool IsText(string path) => Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase);

    // Lists and notes may be beside labels; in a label every line consists of numbers.
    private static bool IsLabelFile(string path)
    {
        try
        {
            return !NameLists.Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase)
                && new FileInfo(path).Length is > 0 and <= BoundedText.MaxAnnotationBytes
                && File.ReadLines(path).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line)) is { } line && YoloLabels.IsLabel(line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
