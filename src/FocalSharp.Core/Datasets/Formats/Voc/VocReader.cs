using System.Xml;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>Reads Pascal VOC: one XML file per image, corners 1-based and inclusive.</summary>
internal static class VocReader
{
    private static readonly string[] ClassLists = ["labels.txt", "classes.txt"];

    public static RawDataset? TryRead(DatasetSource source)
    {
        IReadOnlyList<VocFolder> folders = source.IsFile ? [] : VocLayout.Find(source.Path);
        return folders.Count == 0 ? null : Read(source, folders);
    }

    /// <summary>Reads XML files beside their images in any subfolders, or in folders of any names beside those of their images.</summary>
    public static RawDataset? TryReadNested(DatasetSource source) =>
        !source.IsFile && VocLayout.FindNested(source.Path) is { Count: > 0 } folders ? Read(source, folders) : null;

    private static RawDataset Read(DatasetSource source, IReadOnlyList<VocFolder> folders)
    {
        RawDataset raw = new(source.Path) { PlaceLabel = "object", BoxLayout = BoxLayout.Corners, IsOneBased = true };
        List<(string File, VocFile Content, VocFolder Folder)> files = [];
        foreach (VocFolder folder in folders)
        {
            // Parsing is most of the work, and every file is independent; problems are reported in the order of the files.
            string[] paths = [.. folder.GetFiles()];
            (VocFile? Content, string? Error)[] parsed = new (VocFile?, string?)[paths.Length];
            Parallel.For(0, paths.Length, i => parsed[i] = Parse(paths[i]));
            for (int i = 0; i < paths.Length; i++)
            {
                if (parsed[i].Content is { } content)
                {
                    raw.Log.AddGuessedEncoding(content.GuessedEncoding, raw.Root.GetRelativePath(paths[i]));
                    files.Add((paths[i], content, folder));
                }
                else
                {
                    raw.Log.Add(
                        DatasetProblemKind.UnreadableAnnotation,
                        raw.Root.GetRelativePath(paths[i]),
                        $"cannot be read as VOC XML ({ProblemLog.Sanitize(parsed[i].Error!)}), skipped",
                        "fix the file or export it again");
                }
            }
        }

        raw.Classes = Classes(raw, folders, files.SelectMany(file => file.Content.Objects));
        Dictionary<string, int> labels =
            raw.Classes.Select((name, label) => (name, label)).ToDictionary(pair => pair.name, pair => pair.label);
        VocImageFinder finder = new(raw, source.Options);
        foreach (var part in files.GroupBy(file => file.Folder.Root))
        {
            VocSplits splits = VocSplits.Read(part.Key, [.. part.Select(file => GetId(file.File, file.Folder))], raw);
            bool nameSplits = part.Any(file => GetFolderSplit(GetId(file.File, file.Folder)) != DatasetSplit.Unassigned);
            foreach ((string file, VocFile content, VocFolder folder) in part)
            {
                AddImage(file, content, folder, labels, splits, nameSplits, finder, raw);
            }
        }

        finder.Notes.Report(raw.Log);
        return raw;
    }

    // The path below the folder of annotations, without extension.
    private static string GetId(string file, VocFolder folder) =>
        Path.ChangeExtension(Path.GetRelativePath(folder.Annotations, file).Replace('\\', '/'), null);

    private static DatasetSplit GetFolderSplit(string id) =>
        id.Split('/')[..^1].Select(SplitNames.FromName).FirstOrDefault(split => split != DatasetSplit.Unassigned);

    private static (VocFile? Content, string? Error) Parse(string file)
    {
        try
        {
            return (VocXml.Parse(file), null);
        }
        catch (Exception exception) when (
            exception is XmlException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, exception.Message);
        }
    }

    // Alphabetical, so that the labels do not depend on the order of the images; a list in the folder takes precedence.
    private static List<string> Classes(RawDataset raw, IReadOnlyList<VocFolder> folders, IEnumerable<VocObject> objects)
    {
        string? list = folders.Select(folder => folder.Annotations).Prepend(raw.Root.Folder)
            .SelectMany(_ => ClassLists, Path.Combine).FirstOrDefault(File.Exists);
        if (list is not null)
        {
            try
            {
                string text = BoundedText.ReadText(list, BoundedText.MaxListBytes, raw.Log, raw.Root.GetRelativePath(list));
                return [.. ClassNameParser.FromLines(text.ReplaceLineEndings("\n").Split('\n')).Distinct()];
            }
            catch (InvalidDataException exception)
            {
                throw new DatasetException($"{list}: {exception.Message}. Write one class name per line.", exception) { Path = list };
            }
        }

        return [.. objects.Select(item => ClassNameParser.Clean(item.Name)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }

    private static void AddImage(
        string file,
        VocFile content,
        VocFolder folder,
        Dictionary<string, int> labels,
        VocSplits splits,
        bool nameSplits,
        VocImageFinder finder,
        RawDataset raw)
    {
        string shown = raw.Root.GetRelativePath(file);
        string id = GetId(file, folder);
        if (finder.Find(file, id, content.FileName, folder, shown) is not { } path)
        {
            return;
        }

        RawImage image = new()
        {
            File = shown,
            FileName = (folder.Year.Length > 0 ? folder.Year + "/" : "") + path.Name.Replace('\\', '/'),
            Path = path.Full,
            Size = content.Size,
        };
        for (int i = 0; i < content.Objects.Count; i++)
        {
            if (Box(content.Objects[i], i, shown, image.FileName, labels, raw.Log) is { } box)
            {
                image.Boxes.Add(box);
                if (content.Objects[i].ShapeName is { } shape)
                {
                    raw.Shapes.AddEnclosed(shape, shown, image.FileName, i);
                }
            }
        }

        if (content.Misplaced is { } elements)
        {
            raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                $"it has boxes, but not in <object>: its elements are {elements}; skipped",
                "write each box as <object><name>…</name><bndbox>…</bndbox></object>",
                image.FileName);
        }

        DatasetSplit inFolder = folder.Split != DatasetSplit.Unassigned ? folder.Split : GetFolderSplit(id);
        string? name = inFolder == DatasetSplit.Unassigned && nameSplits && id.Contains('/', StringComparison.Ordinal) ? id[..id.LastIndexOf('/')] : null;
        IReadOnlyList<(DatasetSplit Split, string? Name)> places = splits.Get(id) is { Count: > 0 } listed ? [.. listed.Select(list => (list.Split, (string?)list.Name))] : [(inFolder, name)];
        foreach ((DatasetSplit split, string? splitName) in places)
        {
            raw.Images.Add(image with { Split = split, SplitName = splitName });
        }
    }

    private static RawBox? Box(
        VocObject item, int position, string shown, string imageName, Dictionary<string, int> labels, ProblemLog log)
    {
        if (ClassNameParser.Clean(item.Name) is not { } name || !labels.TryGetValue(name, out int label))
        {
            log.Add(
                DatasetProblemKind.UnknownCategory,
                shown,
                item.Name is null
                    ? "the object has no <name>, skipped"
                    : $"class '{ProblemLog.Sanitize(item.Name)}' is not in the list of classes, skipped",
                $"correct the name or add it to the list.{(item.Name is null ? "" : Suggestions.DidYouMean(item.Name, labels.Keys))}".TrimEnd('.'),
                imageName,
                position);
            return null;
        }

        if (!item.HasBox)
        {
            log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                "<bndbox> lacks xmin, ymin, xmax or ymax; skipped",
                "write all four or remove the object",
                imageName,
                position);
            return null;
        }

        return new RawBox
        {
            Label = label,
            X1 = item.XMin - 1,
            Y1 = item.YMin - 1,
            X2 = item.XMax,
            Y2 = item.YMax,
            Position = position,
            IsPoint = item.IsPoint,
            IsDifficult = item.IsDifficult,
        };
    }
}
