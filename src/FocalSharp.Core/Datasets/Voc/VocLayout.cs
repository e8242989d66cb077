using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Voc;

/// <summary>A folder of XML files with the places of its images and the split they share, if any.</summary>
internal sealed record VocFolder(string Annotations, IReadOnlyList<string> Images, DatasetSplit Split);

/// <summary>Finds the parts of a VOC data set.</summary>
internal static class VocLayout
{
    private static readonly string[] AnnotationFolders = ["Annotations", "annotations", "xml", "labels"];
    private static readonly string[] ImageFolders = ["JPEGImages", "images", "Images", "imgs"];

    /// <summary>
    /// <c>Annotations/</c> with <c>JPEGImages/</c>; or a folder with images and XML side by side, whole or in <c>train/</c>,
    /// <c>valid/</c>, <c>test/</c>.
    /// </summary>
    public static IReadOnlyList<VocFolder> Find(string root)
    {
        string[] images = [.. ImageFolders.Select(name => Path.Combine(root, name)).Where(Directory.Exists), root];
        foreach (string annotations in AnnotationFolders.Select(name => Path.Combine(root, name)))
        {
            if (HasXml(annotations))
            {
                return [new VocFolder(annotations, [.. images, annotations], DatasetSplit.Unassigned)];
            }
        }

        if (HasXml(root))
        {
            return [new VocFolder(root, [root, .. images], DatasetSplit.Unassigned)];
        }

        return
        [
            .. from split in SplitNames.Named
               from name in SplitNames.Folders(split)
               let folder = Path.Combine(root, name)
               where HasXml(folder)
               select new VocFolder(folder, [folder], split),
        ];
    }

    /// <summary>The XML files of a folder in ordinal order.</summary>
    public static string[] Files(string folder)
    {
        string[] files = Directory.GetFiles(folder, "*.xml");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static bool HasXml(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.xml").Any();
}
