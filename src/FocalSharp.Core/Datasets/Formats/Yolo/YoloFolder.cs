using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Recognizes YOLO images and labels without a <c>data.yaml</c>, by their folders and by the contents of the labels.</summary>
internal static class YoloFolder
{
    /// <summary>Files with one class name per line: those of labelImg, Darknet, and Roboflow's Darknet export.</summary>
    private static readonly string[] NameLists = ["classes.txt", "obj.names", "_darknet.labels", "data.names", "labels.txt"];

    private const int MaxNumberedClasses = 10_000;
    private const int Samples = 20;

    /// <summary>
    /// Returns the equivalent of a data.yaml for <c>images/</c> with <c>labels/</c>, directly or in <c>train/</c>, <c>val/</c>, <c>test/</c>;
    /// the same in the folder of each split; or labels beside the images. Null if there are no images with YOLO labels.
    /// </summary>
    public static YoloDataFile? TryDescribe(string folder)
    {
        List<(DatasetSplit Split, string Source)> sources = [.. Splits(folder)];
        if (sources.Count == 0)
        {
            string images = Path.Combine(folder, "images");
            sources.Add((DatasetSplit.Unassigned, Directory.Exists(images) ? images : folder));
        }

        DatasetRoot root = new(folder);
        string[] labels = [.. sources.SelectMany(source => ImageFiles.EnumerateRecursive(source.Source)).Select(image => LabelFile(image, root)).OfType<string>().Distinct()];
        if (!AreLabels(labels))
        {
            return null;
        }

        IReadOnlyList<string> names = Names(folder, labels) is { Count: > 0 } listed ? listed : Numbered(labels);
        return names.Count == 0 ? null : new YoloDataFile(null, sources, names);
    }

    /// <summary>Returns the label file of an image, in <c>labels/</c> or beside it; null if there is none.</summary>
    public static string? LabelFile(string image, DatasetRoot root)
    {
        string beside = Path.ChangeExtension(image, ".txt");
        string apart = YoloLayout.LabelFile(image, root);
        return File.Exists(apart) ? apart : File.Exists(beside) ? beside : null;
    }

    private static IEnumerable<(DatasetSplit Split, string Source)> Splits(string folder)
    {
        foreach (DatasetSplit split in SplitNames.Named)
        {
            foreach (string name in SplitNames.GetFolderNames(split))
            {
                string[] places = [Path.Combine(folder, "images", name), Path.Combine(folder, name, "images"), Path.Combine(folder, name)];
                if (places.FirstOrDefault(Directory.Exists) is { } place)
                {
                    yield return (split, place);
                }
            }
        }
    }

    // Captions and notes may lie beside images too; in labels every line consists of numbers.
    private static bool AreLabels(string[] labels)
    {
        int boxes = 0;
        foreach (string label in labels.Where(label => new FileInfo(label).Length > 0).Take(Samples))
        {
            RawImage image = new() { File = label, FileName = label, Path = label };
            ProblemLog log = new();
            YoloLabels.Read(label, label, image, MaxNumberedClasses, log);
            if (log.Problems.Any(problem => problem.Kind is DatasetProblemKind.UnreadableAnnotation or DatasetProblemKind.UnknownCategory))
            {
                return false;
            }

            boxes += image.Boxes.Count;
        }

        return boxes > 0;
    }

    private static IReadOnlyList<string> Names(string folder, string[] labels)
    {
        IEnumerable<string> places = labels.Select(label => Path.GetDirectoryName(label)!).Distinct()
            .SelectMany(place => new[] { place, Path.GetDirectoryName(place)! })
            .Where(place => place.StartsWith(folder, StringComparison.Ordinal)).Prepend(folder).Distinct();
        string? list = places.SelectMany(_ => NameLists, Path.Combine).FirstOrDefault(File.Exists);
        if (list is null)
        {
            return [];
        }

        try
        {
            return [.. ClassNameParser.FromLines(BoundedText.ReadLines(list))];
        }
        catch (InvalidDataException exception)
        {
            throw new DatasetException($"{list}: {exception.Message}. Write one class name per line.", exception) { Path = list };
        }
    }

    // Without a list of names there are as many classes as the labels use.
    private static IReadOnlyList<string> Numbered(string[] labels)
    {
        int max = -1;
        foreach (string label in labels)
        {
            RawImage image = new() { File = label, FileName = label, Path = label };
            YoloLabels.Read(label, label, image, MaxNumberedClasses, new ProblemLog());
            max = image.Boxes.Select(box => box.Label).Append(max).Max();
        }

        return [.. Enumerable.Range(0, max + 1).Select(index => $"class{index}")];
    }
}
