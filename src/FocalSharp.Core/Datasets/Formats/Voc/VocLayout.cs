using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>A folder of XML files.</summary>
/// <param name="Root">The parent folder, which also contains the lists of splits if there are any.</param>
/// <param name="Annotations">The folder itself.</param>
/// <param name="Images">The folders that may contain its images.</param>
/// <param name="Split">The split of its images, if the folder determines it.</param>
/// <param name="Year">Its folder within VOCdevkit, such as <c>VOC2007</c>; empty otherwise.</param>
internal sealed record VocFolder(string Root, string Annotations, IReadOnlyList<string> Images, DatasetSplit Split, string Year = "")
{
    /// <summary>Gets whether XML files in subfolders belong to it.</summary>
    public bool IsNested { get; init; }

    /// <summary>Returns the XML files in ordinal order.</summary>
    public string[] GetFiles()
    {
        string[] files = [.. VocLayout.EnumerateXml(Annotations, IsNested)];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}

/// <summary>Finds the parts of a VOC data set.</summary>
internal static class VocLayout
{
    private const int Samples = 20;

    private static readonly string[] AnnotationFolders = ["Annotations", "Annotation", "xml", "xmls", "labels"];
    private static readonly string[] ImageFolders = ["JPEGImages", "images", "image", "imgs", "img"];

    /// <summary>
    /// Finds <c>Annotations/</c> with <c>JPEGImages/</c>; or a folder with images and XML side by side, directly or in <c>train/</c>,
    /// <c>valid/</c>, <c>test/</c>; or <c>VOCdevkit</c> with one folder per year. Names may differ in case.
    /// </summary>
    public static IReadOnlyList<VocFolder> Find(string root)
    {
        FolderIndex index = new();
        return FindInFolder(root, index) is { Count: > 0 } whole ? whole : FindByYear(root, index);
    }

    /// <summary>
    /// Finds XML files beside their images in any subfolders, or folders of XML files beside folders of images with other names than the usual ones, such
    /// as <c>annots/</c> and <c>photos/</c>; the path is that of the data set.
    /// </summary>
    public static IReadOnlyList<VocFolder> FindNested(string root)
    {
        FolderIndex index = new();
        if (EnumerateXml(root, nested: true).Take(Samples).Any(file => IsAnnotation(file) && HasImage(file, [Path.GetDirectoryName(file)!], index)))
        {
            return [new VocFolder(root, root, [root], DatasetSplit.Unassigned) { IsNested = true }];
        }

        VocFolder[] folders =
        [
            .. from file in EnumerateXml(root, nested: true)
               group file by Path.GetDirectoryName(file)! into files
               where files.Key != root
               let parent = Path.GetDirectoryName(files.Key)!
               let images = GetSubfolders(parent, files.Key)
               where files.Take(Samples).Any(file => IsAnnotation(file) && HasImage(file, images, index))
               orderby files.Key
               select new VocFolder(parent, files.Key, [.. images, parent], parent == root ? DatasetSplit.Unassigned : SplitNames.FromName(Path.GetFileName(parent))),
        ];

        // Several folders may be separate data sets.
        return folders is [{ } only] && only.Root == root || Array.TrueForAll(folders, folder => folder.Split != DatasetSplit.Unassigned) ? folders : [];
    }

    /// <summary>Returns the XML files of a folder, with any case of the extension.</summary>
    public static IEnumerable<string> EnumerateXml(string folder, bool nested) => !Directory.Exists(folder) ? []
        : (nested ? FolderTree.EnumerateFiles(folder) : Directory.EnumerateFiles(folder))
            .Where(path => Path.GetExtension(path).Equals(".xml", StringComparison.OrdinalIgnoreCase) && Path.GetFileName(path)[0] != '.');

    // Only folders named as in the official archives: other sibling folders may be separate data sets.
    private static IReadOnlyList<VocFolder> FindByYear(string root, FolderIndex index)
    {
        string kit = index.Find(Path.Combine(root, "VOCdevkit")) ?? root;
        return
        [
            .. from folder in Directory.GetDirectories(kit).Order(StringComparer.Ordinal)
               let name = Path.GetFileName(folder)
               where name.Length == 7 && name.StartsWith("VOC", StringComparison.OrdinalIgnoreCase) && name[3..].All(char.IsAsciiDigit)
               from part in FindInFolder(folder, index)
               select part with { Year = name },
        ];
    }

    private static IReadOnlyList<VocFolder> FindInFolder(string root, FolderIndex index)
    {
        if (FindPair(root, index, DatasetSplit.Unassigned) is { } pair)
        {
            return [pair];
        }

        return
        [
            .. from split in SplitNames.FindFolders(root)
               let part = FindPair(split.Folder, index, split.Split)
               where part is not null
               select part with { Root = root },
        ];
    }

    private static VocFolder? FindPair(string folder, FolderIndex index, DatasetSplit split)
    {
        string[] images = [.. ImageFolders.Select(name => index.Find(Path.Combine(folder, name))).OfType<string>().Where(Directory.Exists).Distinct(StringComparer.Ordinal)];
        foreach (string annotations in AnnotationFolders.Select(name => index.Find(Path.Combine(folder, name))).OfType<string>())
        {
            if (HasXml(annotations, nested: true))
            {
                return new VocFolder(folder, annotations, [.. images.Length > 0 ? images : GetSubfolders(folder, annotations), folder, annotations], split) { IsNested = true };
            }
        }

        return HasXml(folder, nested: false) ? new VocFolder(folder, folder, [folder, .. images], split) : null;
    }

    // XML of another kind, such as CVAT's, is left to its own format; a file that is not XML at all is reported by the reader.
    private static bool HasXml(string folder, bool nested) =>
        EnumerateXml(folder, nested).Take(Samples).Any(file => BoundedXml.TryGetRootName(file) is null or "annotation");

    private static bool HasImage(string file, IReadOnlyList<string> folders, FolderIndex index) =>
        folders.Any(folder => index.FindImage(folder, Path.GetFileNameWithoutExtension(file)) is not null);

    private static string[] GetSubfolders(string folder, string except) =>
        [.. Directory.GetDirectories(folder).Where(path => path != except && Path.GetFileName(path)[0] != '.').Order(StringComparer.Ordinal)];

    private static bool IsAnnotation(string file) => BoundedXml.TryGetRootName(file) is "annotation";
}
