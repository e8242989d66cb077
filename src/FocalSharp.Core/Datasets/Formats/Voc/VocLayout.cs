using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>A folder of XML files.</summary>
/// <param name="Root">The parent folder, which also contains <c>ImageSets/Main</c> if there are lists.</param>
/// <param name="Annotations">The folder itself.</param>
/// <param name="Images">The folders that may contain its images.</param>
/// <param name="Split">The split of its images, if the folder determines it.</param>
/// <param name="Year">Its folder within VOCdevkit, such as <c>VOC2007</c>; empty otherwise.</param>
internal sealed record VocFolder(string Root, string Annotations, IReadOnlyList<string> Images, DatasetSplit Split, string Year = "");

/// <summary>Finds the parts of a VOC data set.</summary>
internal static class VocLayout
{
    private static readonly string[] AnnotationFolders = ["Annotations", "annotations", "xml", "labels"];
    private static readonly string[] ImageFolders = ["JPEGImages", "images", "Images", "imgs"];

    /// <summary>
    /// Finds <c>Annotations/</c> with <c>JPEGImages/</c>; or a folder with images and XML side by side, directly or in <c>train/</c>,
    /// <c>valid/</c>, <c>test/</c>; or <c>VOCdevkit</c> with one folder per year.
    /// </summary>
    public static IReadOnlyList<VocFolder> Find(string root) => FindInFolder(root) is { Count: > 0 } whole ? whole : FindByYear(root);

    // Only folders named as in the official archives: other sibling folders may be separate data sets.
    private static IReadOnlyList<VocFolder> FindByYear(string root)
    {
        string kit = Path.Combine(root, "VOCdevkit");
        return
        [
            .. from folder in Directory.GetDirectories(Directory.Exists(kit) ? kit : root).Order(StringComparer.Ordinal)
               let name = Path.GetFileName(folder)
               where name.Length == 7 && name.StartsWith("VOC", StringComparison.OrdinalIgnoreCase) && name[3..].All(char.IsAsciiDigit)
               from part in FindInFolder(folder)
               select part with { Year = name },
        ];
    }

    private static IReadOnlyList<VocFolder> FindInFolder(string root)
    {
        string[] images = [.. ImageFolders.Select(name => Path.Combine(root, name)).Where(Directory.Exists), root];
        foreach (string annotations in AnnotationFolders.Select(name => Path.Combine(root, name)))
        {
            if (HasXml(annotations))
            {
                return [new VocFolder(root, annotations, [.. images, annotations], DatasetSplit.Unassigned)];
            }
        }

        if (HasXml(root))
        {
            return [new VocFolder(root, root, [root, .. images], DatasetSplit.Unassigned)];
        }

        return
        [
            .. from split in SplitNames.Named
               from name in SplitNames.GetFolderNames(split)
               let folder = Path.Combine(root, name)
               where HasXml(folder)
               select new VocFolder(root, folder, [folder], split),
        ];
    }

    /// <summary>Returns the XML files of a folder in ordinal order.</summary>
    public static string[] Files(string folder)
    {
        string[] files = Directory.GetFiles(folder, "*.xml");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    // XML of another kind, such as CVAT's, is left to its own format; a file that is not XML at all is reported by the reader.
    private static bool HasXml(string folder) => Directory.Exists(folder)
        && Directory.EnumerateFiles(folder, "*.xml").Take(20).Any(file => BoundedXml.TryGetRootName(file) is null or "annotation");
}
