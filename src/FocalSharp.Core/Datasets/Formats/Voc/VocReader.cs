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
        if (folders.Count == 0)
        {
            return null;
        }

        RawDataset raw = new(source.Path) { PlaceLabel = "object", BoxLayout = BoxLayout.Corners, IsOneBased = true };
        List<(string File, VocFile Content, VocFolder Folder)> files = [];
        foreach (VocFolder folder in folders)
        {
            foreach (string file in VocLayout.Files(folder.Annotations))
            {
                if (Parse(file, raw) is { } content)
                {
                    files.Add((file, content, folder));
                }
            }
        }

        IReadOnlyList<string> classes = Classes(source.Path, folders, files.SelectMany(file => file.Content.Objects));
        Dictionary<string, int> labels =
            classes.Select((name, label) => (name, label)).ToDictionary(pair => pair.name, pair => pair.label);
        foreach (var part in files.GroupBy(file => file.Folder.Root))
        {
            Dictionary<string, (DatasetSplit Split, string List)> splits =
                VocSplits.Read(part.Key, [.. part.Select(file => Path.GetFileNameWithoutExtension(file.File))], raw);
            foreach ((string file, VocFile content, VocFolder folder) in part)
            {
                AddImage(file, content, folder, labels, splits, raw, source.Options);
            }

            foreach ((string id, (_, string list)) in splits)
            {
                raw.Log.Add(
                    DatasetProblemKind.UnreadableAnnotation,
                    list,
                    "it has no readable XML file, skipped",
                    "annotate the image or remove it from the list",
                    id);
            }
        }

        raw.Classes = classes;
        return raw;
    }

    private static VocFile? Parse(string file, RawDataset raw)
    {
        try
        {
            VocFile content = VocXml.Parse(file);
            raw.Log.AddGuessedEncoding(content.GuessedEncoding, raw.Root.GetRelativePath(file));
            return content;
        }
        catch (Exception exception) when (
            exception is XmlException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                raw.Root.GetRelativePath(file),
                $"cannot be read as VOC XML ({ProblemLog.Sanitize(exception.Message)}), skipped",
                "fix the file or export it again");
            return null;
        }
    }

    // Alphabetical, so that the labels do not depend on the order of the images; a list in the folder takes precedence.
    private static List<string> Classes(string root, IReadOnlyList<VocFolder> folders, IEnumerable<VocObject> objects)
    {
        string? list = folders.Select(folder => folder.Annotations).Prepend(root)
            .SelectMany(_ => ClassLists, Path.Combine).FirstOrDefault(File.Exists);
        if (list is not null)
        {
            try
            {
                return [.. ClassNameParser.FromLines(BoundedText.ReadLines(list)).Distinct()];
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
        Dictionary<string, (DatasetSplit Split, string List)> splits,
        RawDataset raw,
        DatasetReadOptions options)
    {
        string shown = raw.Root.GetRelativePath(file);
        string stem = Path.GetFileNameWithoutExtension(file);
        DatasetSplit split = splits.Remove(stem, out (DatasetSplit Split, string List) listed) ? listed.Split : folder.Split;
        DatasetRoot root = options.ImageFolder is { } chosen ? new DatasetRoot(chosen) : raw.Root;
        IReadOnlyList<string> places = options.ImageFolder is null ? folder.Images : [root.Folder];
        foreach (string place in raw.SearchedImageFolders.Count == 0 ? places : [])
        {
            raw.SearchedImageFolders.Add(place);
        }

        if (FindImage(stem, content.FileName, places, root, shown, raw.Log) is not { } path)
        {
            return;
        }

        RawImage image = new()
        {
            File = shown,
            FileName = (folder.Year.Length > 0 ? folder.Year + "/" : "") + path.Name.Replace('\\', '/'),
            Path = path.Full,
            Split = split,
            Size = content.Size,
        };
        for (int i = 0; i < content.Objects.Count; i++)
        {
            if (Box(content.Objects[i], i, shown, image.FileName, labels, raw.Log) is { } box)
            {
                image.Boxes.Add(box);
                if (content.Objects[i].IsRotated)
                {
                    raw.Shapes.AddEnclosed("rotated boxes", shown, image.FileName, i);
                }
            }
        }

        raw.Images.Add(image);
    }

    // The name of the XML file is more reliable than <filename>, which is often stale after copying or renaming.
    private static (string Full, string Name)? FindImage(
        string stem, string? fileName, IReadOnlyList<string> places, DatasetRoot root, string shown, ProblemLog log)
    {
        string? named = string.IsNullOrEmpty(fileName) ? null : fileName;
        if (named is not null && root.Resolve(places[0], named) is null)
        {
            log.Add(
                DatasetProblemKind.EscapingPath,
                shown,
                "<filename> is absolute or leaves the data set's folder, ignored",
                "write the bare file name",
                named);
            named = null;
        }

        foreach (string place in places)
        {
            if (ImageFiles.FindByStem(place, stem) is { } path)
            {
                return (path, Path.GetFileName(path));
            }
        }

        foreach (string place in named is null ? [] : places)
        {
            if (root.Resolve(place, named!) is { } path && File.Exists(path))
            {
                return (path, Path.GetRelativePath(place, path));
            }
        }

        string missing = named ?? stem + ".jpg";
        return root.Resolve(places[0], missing) is { } expected ? (expected, missing) : null;
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
                "correct the name or add it to the list",
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
