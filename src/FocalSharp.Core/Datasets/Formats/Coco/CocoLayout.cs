using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Finds the annotation files of a COCO data set, and the image folder of each file.</summary>
internal static class CocoLayout
{
    private const string RoboflowName = "_annotations.coco.json";
    private static readonly string[] AnnotationFolders = ["annotations", "Annotations", "annotation", "labels", "json"];
    private static readonly string[] ImageFolders = ["images", "JPEGImages", "imgs", "data"];

    /// <summary>Returns the candidate files below a folder, in ordinal order; the caller checks whether they are COCO.</summary>
    public static IReadOnlyList<string> Candidates(string folder)
    {
        string[] splitFolders =
        [
            .. SplitNames.Named.SelectMany(SplitNames.GetFolderNames)
                .Select(name => Path.Combine(folder, name, RoboflowName)).Where(File.Exists),
        ];
        if (splitFolders.Length > 0)
        {
            return splitFolders;
        }

        IEnumerable<string> folders =
            AnnotationFolders.Select(name => Path.Combine(folder, name)).Where(Directory.Exists).Prepend(folder);
        List<string> all =
            [.. folders.SelectMany(place => Directory.EnumerateFiles(place, "*.json")).Distinct(StringComparer.Ordinal)];
        all.Sort(StringComparer.Ordinal);

        // COCO ships captions, keypoints and results in the same folder; detection files are recognized by their name.
        List<string> instances =
            [.. all.Where(file => Path.GetFileName(file).StartsWith("instances", StringComparison.OrdinalIgnoreCase))];
        return instances.Count > 0 ? instances : all;
    }

    /// <summary>Returns the split named by a file or, failing that, by its folder.</summary>
    public static DatasetSplit GetSplit(string file)
    {
        DatasetSplit split = SplitNames.FromName(Path.GetFileNameWithoutExtension(file));
        return split != DatasetSplit.Unassigned ? split : SplitNames.FromName(
            Path.GetFileName(Path.GetDirectoryName(file)) ?? "");
    }

    /// <summary>Returns the root for a single file: its folder, or the parent folder if the file is in <c>annotations/</c>.</summary>
    public static string GetRoot(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        string? parent = Path.GetDirectoryName(folder);
        return parent is not null && AnnotationFolders.Contains(Path.GetFileName(folder)) ? parent : folder;
    }

    /// <summary>
    /// Returns the folders that may contain a file's images, most likely first: <c>train2017/</c>, <c>images/train2017/</c>, <c>train/</c>,
    /// <c>images/train/</c>, <c>images/</c>, the file's own folder.
    /// </summary>
    public static IEnumerable<string> ImageFoldersFor(string file, DatasetSplit split, string root)
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

        foreach (string place in bases)
        {
            foreach (string images in ImageFolders)
            {
                yield return Path.Combine(place, images);
            }

            yield return place;
        }
    }

    /// <summary>Returns the folder that contains most of a sample of the images, or null if none contains any.</summary>
    public static string? FindImages(IEnumerable<string> folders, DatasetRoot root, IReadOnlyList<CocoImage> images)
    {
        const int samples = 32;
        int step = Math.Max(1, images.Count / samples);
        (int Found, string? Folder) best = (0, null);
        foreach (string folder in folders.Distinct(StringComparer.Ordinal).Where(Directory.Exists))
        {
            int found = 0;
            for (int i = 0; i < images.Count; i += step)
            {
                found += images[i].FileName is { } name && root.Resolve(folder, name) is { } path && File.Exists(path) ? 1 : 0;
            }

            if (found > best.Found)
            {
                best = (found, folder);
            }
        }

        return best.Folder;
    }
}
