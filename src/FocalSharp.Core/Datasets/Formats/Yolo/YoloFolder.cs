using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Recognises YOLO images and labels that no <c>data.yaml</c> describes: by their places, and by what the labels say.</summary>
internal static class YoloFolder
{
    /// <summary>Files that name the classes, one a line: labelImg's, Darknet's, Roboflow's Darknet export.</summary>
    private static readonly string[] NameLists = ["classes.txt", "obj.names", "_darknet.labels", "data.names", "labels.txt"];

    private const int MaxNumberedClasses = 10_000;
    private const int Samples = 20;

    /// <summary>
    /// What a data.yaml would say: <c>images/</c> with <c>labels/</c>, whole or in <c>train/</c>, <c>val/</c>, <c>test/</c>; the same in each
    /// split's folder; or labels beside the images. Null where there are no images with YOLO labels.
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

    /// <summary>An image's label file, in <c>labels/</c> or beside it, where there is one.</summary>
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

    // Captions and notes lie beside images too: labels are numbers, every line of them.
    private static bool AreLabels(string[] labels)
    {
        int reported = 0;
        foreach (string label in labels.Where(label => new FileInfo(label).Length > 0).Take(Samples))
        {
            RawImage image = new() { File = label, FileName = label, Path = label };
            ProblemLog log = new();
            YoloLabels.Read(label, label, image, MaxNumberedClasses, log);
            if (log.Problems.Any(problem => problem.Kind is DatasetProblemKind.UnreadableAnnotation or DatasetProblemKind.UnknownCategory))
            {
                return false;
            }

            reported += image.Boxes.Count;
        }

        return reported > 0;
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
            throw new FocalSharpException($"{list}: {exception.Message}. Write one class name a line.", exception);
        }
    }

    // Nobody names them: as many as the labels use.
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
