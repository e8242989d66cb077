using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Finds the annotation files of a COCO data set, and the image folder of each file.</summary>
internal static class CocoLayout
{
    private const string RoboflowName = "_annotations.coco.json";
    private static readonly string[] AnnotationFolders = ["annotations", "annotation", "labels", "json", "jsons"];
    private static readonly string[] ImageFolders = ["images", "JPEGImages", "imgs", "img", "data"];

    // COCO ships captions, keypoints and image lists in the same folder; detection files are recognized by their name.
    private static readonly string[] OtherTasks = ["captions", "person_keypoints", "panoptic", "stuff", "image_info", "densepose"];

    /// <summary>Returns the candidate files below a folder, in ordinal order; the caller checks whether they are COCO.</summary>
    public static IReadOnlyList<string> Candidates(string folder)
    {
        string[] splitFolders = [.. SplitNames.FindFolders(folder).Select(split => split.Folder)];
        string[] roboflow = [.. splitFolders.Select(split => Path.Combine(split, RoboflowName)).Where(File.Exists)];
        if (roboflow.Length > 0)
        {
            return roboflow;
        }

        string[] annotations = [.. FindFolders(folder, AnnotationFolders)];
        IEnumerable<string> folders =
        [
            folder,
            .. annotations,
            .. annotations.SelectMany(SplitNames.FindFolders).Select(split => split.Folder),
            .. splitFolders,
            .. splitFolders.SelectMany(split => FindFolders(split, AnnotationFolders)),
        ];
        EnumerationOptions options = new() { IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive };
        List<string> all = [.. folders.Distinct(StringComparer.Ordinal).SelectMany(place => Directory.EnumerateFiles(place, "*.json", options))];
        if (all.Count == 0)
        {
            return FindParts(folder) is { Length: > 1 } parts ? parts : [];
        }

        all.Sort(StringComparer.Ordinal);
        List<string> instances = [.. all.Where(file => Path.GetFileName(file).StartsWith("instances", StringComparison.OrdinalIgnoreCase))];
        if (instances.Count == 0)
        {
            List<string> detection = [.. all.Where(file => !IsOtherTask(file))];
            return detection.Count > 0 ? detection : all;
        }

        // A file of another name adds a split that no instances file has.
        HashSet<DatasetSplit> covered = [.. instances.Select(file => GetSplit(file, folder)), DatasetSplit.Unassigned];
        return [.. all.Where(file => instances.Contains(file) || (!IsOtherTask(file) && !covered.Contains(GetSplit(file, folder))))];
    }

    /// <summary>Returns Roboflow's files in the folders of a folder, in ordinal order: parts of a data set whose names are not those of splits.</summary>
    public static string[] FindParts(string folder) =>
    [
        .. Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { IgnoreInaccessible = true }).Order(StringComparer.Ordinal)
            .Select(part => Path.Combine(part, RoboflowName)).Where(File.Exists),
    ];

    /// <summary>Returns the split named by a file or, failing that, by its folders within the data set.</summary>
    /// <param name="file">The annotation file.</param>
    /// <param name="folder">The folder that was passed; null if the file itself was.</param>
    public static DatasetSplit GetSplit(string file, string? folder)
    {
        DatasetSplit split = SplitNames.FromName(Path.GetFileNameWithoutExtension(file));
        if (split != DatasetSplit.Unassigned)
        {
            return split;
        }

        string parent = Path.GetDirectoryName(file)!;
        return folder is null
            ? SplitNames.FromWholeName(Path.GetFileName(parent))
            : Path.GetRelativePath(folder, parent).Split(Path.DirectorySeparatorChar).Reverse().Select(SplitNames.FromName)
                .FirstOrDefault(found => found != DatasetSplit.Unassigned);
    }

    /// <summary>Returns the name that a file or its folder gives the split, for messages.</summary>
    public static string GetSplitName(string file)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        return SplitNames.FromName(stem) != DatasetSplit.Unassigned ? stem : Path.GetFileName(Path.GetDirectoryName(file)!);
    }

    /// <summary>Returns whether a file without annotations is incomplete: a list of test images, whose annotations are secret, is not.</summary>
    public static bool IsExpectedToHaveAnnotations(string file) => !IsOtherTask(file) && SplitNames.FromName(Path.GetFileNameWithoutExtension(file)) != DatasetSplit.Test;

    /// <summary>Returns the root for a single file: its folder, or the parent folder if the file is in <c>annotations/</c>.</summary>
    public static string GetRoot(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        string? parent = Path.GetDirectoryName(folder);
        return parent is not null && AnnotationFolders.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase) ? parent : folder;
    }

    /// <summary>
    /// Returns the existing folders that may contain a file's images, most likely first: <c>train2017/</c>, <c>images/train2017/</c>,
    /// <c>train/</c>, <c>images/train/</c>, <c>images/</c>, the file's own folder. Names may differ in case.
    /// </summary>
    public static IEnumerable<string> ImageFoldersFor(string file, DatasetSplit split, string root, FolderIndex index) =>
        EnumerateImageFolders(file, split, root).Select(index.Find).OfType<string>().Where(Directory.Exists).Distinct(StringComparer.Ordinal);

    /// <summary>Returns the folder that contains most of a sample of the images, or null if none contains any.</summary>
    public static string? FindImages(IEnumerable<string> folders, DatasetRoot root, IReadOnlyList<CocoImage> images)
    {
        const int samples = 32;
        int step = Math.Max(1, images.Count / samples);
        (int Found, string? Folder) best = (0, null);
        foreach (string folder in folders)
        {
            int found = 0;
            for (int i = 0; i < images.Count; i += step)
            {
                found += images[i].FileName is { } name && root.Resolve(folder, name) is { } path && (File.Exists(path) || HasImage(path)) ? 1 : 0;
            }

            if (found > best.Found)
            {
                best = (found, folder);
            }
        }

        return best.Folder;

        static bool HasImage(string path) => !ImageFiles.HasImageExtension(Path.GetExtension(path))
            && ImageFiles.FindByStem(Path.GetDirectoryName(path)!, Path.GetFileName(path)) is not null;
    }

    private static IEnumerable<string> EnumerateImageFolders(string file, DatasetSplit split, string root)
    {
        string beside = Path.GetDirectoryName(file)!;
        string stem = Path.GetFileNameWithoutExtension(file);
        int underscore = stem.IndexOf('_', StringComparison.Ordinal);
        string[] names = [.. new[] { underscore < 0 ? stem : stem[(underscore + 1)..], stem }.Concat(SplitNames.GetFolderNames(split))];
        string[] bases = beside == root ? [root] : [beside, root];
        foreach (string name in names.Where(name => name.Length > 0))
        {
            foreach (string place in bases)
            {
                yield return Path.Combine(place, name);
                foreach (string images in ImageFolders)
                {
                    yield return Path.Combine(place, images, name);
                }
            }
        }

        // Folders of the split under another name: dev, Valid, val2017.
        foreach (string place in bases.Concat(bases.SelectMany(_ => ImageFolders, Path.Combine)))
        {
            foreach ((DatasetSplit other, string folder) in SplitNames.FindFolders(place))
            {
                if (other == split)
                {
                    yield return folder;
                    yield return Path.Combine(folder, "images");
                }
            }
        }

        foreach (string place in bases)
        {
            foreach (string images in ImageFolders)
            {
                yield return Path.Combine(place, images);
            }

            yield return place;
        }
    }

    private static bool IsOtherTask(string file) => Array.Exists(OtherTasks, task => Path.GetFileName(file).StartsWith(task, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> FindFolders(string parent, string[] names)
    {
        EnumerationOptions options = new() { IgnoreInaccessible = true };
        return Directory.EnumerateDirectories(parent, "*", options)
            .Where(folder => names.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
    }
}
