using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Recognizes YOLO images and labels without a <c>data.yaml</c>, by their folders, lists of images, and the contents of the labels.</summary>
internal static class YoloFolder
{
    private const int MaxNumberedClasses = 10_000;
    private const int MaxFilesSearched = 200_000;
    private const int Samples = 20;

    private static readonly string[] ImageFolders = ["images", "JPEGImages", "imgs", "img", "image"];
    private static readonly string[] NumberedClasses = YoloDataFile.GetNumberedNames(MaxNumberedClasses);

    /// <summary>
    /// Returns the equivalent of a data.yaml for <c>images/</c> with <c>labels/</c>, directly or in <c>train/</c>, <c>val/</c>, <c>test/</c>;
    /// the same in the folder of each split; labels beside the images; or lists of the images of each split (<c>train.txt</c>). Null if there are no
    /// images with YOLO labels.
    /// </summary>
    public static YoloDataFile? TryDescribe(DatasetSource source)
    {
        string folder = source.Path;
        List<YoloSource> sources = [.. FindLists(folder)];
        sources.AddRange(FindFolders(folder, hasLists: sources.Count > 0));
        if (sources.Count == 0)
        {
            string place = FindImageFolders(folder).FirstOrDefault() ?? folder;
            if (place == folder && NearbyPaths.FindDatasetBelow(folder) is { } below)
            {
                source.AddNote($"the data set in '{Path.GetRelativePath(folder, below).Replace('\\', '/')}', whose own description would be ignored");
                return null;
            }

            sources.Add(new YoloSource(DatasetSplit.Unassigned, place));
        }

        RawDataset scratch = new(folder);
        YoloSourceReader reader = new(scratch, ".", sources);
        YoloLabelFinder finder = new(scratch.Root);
        string[] images = [.. sources.SelectMany(reader.ReadImages).Select(image => image.Path).Distinct()];
        string[] labels = [.. images.Select(image => finder.Find(image, reader.Notes)).OfType<string>().Distinct()];
        if (images.Length > 0 && labels.Length == 0)
        {
            finder.ReportOrphans(scratch, ".");
            source.AddNote($"{images.Length} images without any label file{(scratch.Log.Problems is [{ } first, ..] ? $"; {first.Message}" : "")}");
        }

        if (!AreLabels(labels, source))
        {
            return null;
        }

        string? list = FindNames(folder, labels);
        IReadOnlyList<string> names = list is not null && ReadNames(list) is { Count: > 0 } listed ? listed : Numbered(labels);
        return names.Count == 0 ? null : new YoloDataFile(null, sources, names) { NamesFile = list };
    }

    // train.txt, val.txt, test.txt anywhere below, if their lines are images.
    private static IEnumerable<YoloSource> FindLists(string folder)
    {
        YoloSourceReader reader = new(new RawDataset(folder), ".", []);
        return
        [
            .. FolderTree.EnumerateFiles(folder).Take(MaxFilesSearched)
                .Where(path => Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase))
                .Select(path => (Path: path, Name: Path.GetFileNameWithoutExtension(path)))
                .Where(list => SplitNames.FromListName(list.Name) != DatasetSplit.Unassigned && reader.IsImageList(list.Path))
                .OrderBy(list => SplitNames.FromListName(list.Name)).ThenBy(list => list.Path.Length).ThenBy(list => list.Path, StringComparer.Ordinal)
                .Select(list => new YoloSource(SplitNames.FromListName(list.Name), list.Path) { Name = list.Name }),
        ];
    }

    private static IEnumerable<YoloSource> FindFolders(string folder, bool hasLists)
    {
        List<YoloSource> sources = [];
        foreach (string images in FindImageFolders(folder))
        {
            foreach (string place in Directory.EnumerateDirectories(images).Order(StringComparer.Ordinal).Where(HasImages))
            {
                string name = Path.GetFileName(place);
                sources.Add(new YoloSource(SplitNames.FromName(name), place) { Name = name, IsFallback = hasLists });
            }
        }

        // Subfolders of another kind, such as one per class or camera, are no splits.
        sources = sources.Exists(source => source.Split != DatasetSplit.Unassigned) ? sources : [];
        FolderIndex index = new();
        foreach ((DatasetSplit split, string place) in SplitNames.FindFolders(folder))
        {
            string name = Path.GetFileName(place);
            string inside = ImageFolders.Select(images => index.Find(Path.Combine(place, images))).FirstOrDefault(images => images is not null && HasImages(images)) ?? place;
            bool named = SplitNames.FromWholeName(name) == split;
            if (!sources.Exists(source => source.Split == split && IsInImages(source.Path, folder)) && (named || HasImages(inside)))
            {
                sources.Add(new YoloSource(split, inside) { Name = name, IsFallback = hasLists });
            }
        }

        return sources.OrderBy(source => source.Split == DatasetSplit.Unassigned).ThenBy(source => source.Split);
    }

    private static bool IsInImages(string place, string folder) =>
        ImageFolders.Contains(Path.GetFileName(Path.GetDirectoryName(place)), StringComparer.OrdinalIgnoreCase) && Path.GetDirectoryName(Path.GetDirectoryName(place)) == folder;

    private static IEnumerable<string> FindImageFolders(string folder)
    {
        FolderIndex index = new();
        return ImageFolders.Select(name => index.Find(Path.Combine(folder, name))).OfType<string>().Distinct(StringComparer.Ordinal).Where(Directory.Exists);
    }

    private static bool HasImages(string folder) => FolderTree.EnumerateFiles(folder).Any(ImageFiles.IsImage);

    // Captions and notes may lie beside images too; in labels every line consists of numbers.
    private static bool AreLabels(string[] labels, DatasetSource source)
    {
        int boxes = 0;
        foreach (string label in labels.Where(label => new FileInfo(label).Length > 0).Take(Samples))
        {
            RawImage image = new() { File = label, FileName = label, Path = label };
            YoloLabels reader = new(NumberedClasses);
            reader.Read(label, label, image);
            if (reader.Log.Problems.FirstOrDefault(problem => problem.Kind is DatasetProblemKind.UnreadableAnnotation or DatasetProblemKind.UnknownCategory) is { } problem)
            {
                source.AddNote($"text files beside the images, which are not YOLO labels: {problem.Message}");
                return false;
            }

            boxes += image.Boxes.Count;
        }

        return boxes > 0;
    }

    private static string? FindNames(string folder, string[] labels)
    {
        IEnumerable<string> places = labels.Select(label => Path.GetDirectoryName(label)!).Distinct()
            .SelectMany(place => new[] { place, Path.GetDirectoryName(place)! })
            .Where(place => place.StartsWith(folder, StringComparison.Ordinal)).Prepend(folder).Distinct();
        FolderIndex index = new();
        return places.SelectMany(_ => YoloLabelFinder.NameLists, Path.Combine).Select(index.Find).OfType<string>().FirstOrDefault(File.Exists);
    }

    private static IReadOnlyList<string> ReadNames(string list)
    {
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
            new YoloLabels(NumberedClasses).Read(label, label, image);
            max = image.Boxes.Select(box => box.Label).Append(max).Max();
        }

        return YoloDataFile.GetNumberedNames(max + 1);
    }
}
