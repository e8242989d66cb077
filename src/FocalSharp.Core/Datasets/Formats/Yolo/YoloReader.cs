using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>
/// Reads YOLO text labels described by a <c>data.yaml</c> or Darknet's <c>obj.data</c>: boxes as center and size, as fractions of the image size.
/// </summary>
internal static class YoloReader
{
    private const string DarknetExtension = ".data";

    public static RawDataset? TryRead(DatasetSource source)
    {
        string extension = Path.GetExtension(source.Path).ToLowerInvariant();
        if (source.IsFile)
        {
            return extension is ".yaml" or ".yml" ? ReadYaml(source.Path, required: true)
                : extension == DarknetExtension ? ReadDarknet(source.Path)
                : null;
        }

        foreach (string file in YoloLayout.Candidates(source.Path))
        {
            if (ReadYaml(file, required: source.IsFormatSpecified) is { } raw)
            {
                return raw;
            }
        }

        return DarknetDataFile.Candidates(source.Path).Select(ReadDarknet).FirstOrDefault(raw => raw is not null);
    }

    /// <summary>Reads a folder without a data.yaml.</summary>
    public static RawDataset? TryReadFolder(DatasetSource source) => !source.IsFile && YoloFolder.TryDescribe(source) is { } data
        ? Read(Path.Combine(source.Path, "labels"), data, source.Path, null)
        : null;

    private static RawDataset? ReadYaml(string file, bool required)
    {
        if (Parse(file, required) is not { } data)
        {
            return null;
        }

        string beside = Path.GetDirectoryName(file)!;
        string root = GetRoot(beside, data, file, out string? note);
        return Read(file, data, root, note);
    }

    // The lists are relative to the folder that Darknet is run in: that of the file, or the one above.
    private static RawDataset? ReadDarknet(string file)
    {
        string beside = Path.GetDirectoryName(file)!;
        string root = Path.GetFileName(beside) is "data" or "cfg" ? Path.GetDirectoryName(beside)! : beside;
        if (DarknetDataFile.TryParse(file, new DatasetRoot(root)) is not { } data)
        {
            return null;
        }

        return data.Names.Count > 0 ? Read(file, data, root, null) : throw new DatasetException(
            $"{file}: it has no class names. Set 'names' to a file with one class name per line.")
        { Path = file };
    }

    private static YoloDataFile? Parse(string file, bool required)
    {
        bool known = required || Path.GetFileNameWithoutExtension(file) is "data" or "dataset";
        try
        {
            YoloDataFile data = YoloDataFile.Parse(file);
            if (data.Sources.Count > 0 && data.Names.Count > 0)
            {
                return data;
            }

            return !known ? null : throw new InvalidDataException(
                data.Names.Count == 0 ? $"'names' lists no class{DescribeKeys(data, ["names"])}" : $"it has none of the keys 'train', 'val' and 'test'{DescribeKeys(data, ["train", "val", "test"])}");
        }
        catch (InvalidDataException exception)
        {
            // A .yaml file of another kind is skipped.
            return !known ? null : throw new DatasetException(
                $"{file}: {exception.Message}. "
                + "A data.yaml needs 'names' (list, or map from index to name) and 'train', 'val' or 'test' paths.",
                exception)
            { Path = file };
        }
    }

    private static string DescribeKeys(YoloDataFile data, string[] expected)
    {
        const int MaxKeys = 10;
        string[] keys = [.. data.UnknownKeys.Select(pair => ProblemLog.Sanitize(pair.Key)).Distinct().Take(MaxKeys)];
        string near = expected.Select(key => (Key: key, Near: Suggestions.Closest(key, keys))).Where(pair => pair.Near is not null)
            .Select(pair => $". Did you mean '{pair.Key}' by '{pair.Near}'?").FirstOrDefault("");
        return keys.Length == 0 ? "" : $"; its other keys are {string.Join(", ", keys.Select(key => $"'{key}'"))}{near.TrimEnd('?')}";
    }

    private static RawDataset Read(string file, YoloDataFile data, string rootFolder, string? rootNote)
    {
        RawDataset raw = new(rootFolder)
        {
            Classes = data.Names,
            BoxLayout = BoxLayout.CenterAndSize,
            IsNormalized = true,
        };
        DatasetRoot root = raw.Root;
        for (int label = 0; label < data.Names.Count; label++)
        {
            raw.Statistics.AddKnownCategory(label);
        }

        string shown = root.GetRelativePath(file);
        if (rootNote is not null)
        {
            raw.Log.Add(DatasetProblemKind.NonStandard, shown, rootNote, "correct it, or remove the key");
        }

        foreach (string text in new[] { file, data.NamesFile }.OfType<string>().Where(File.Exists))
        {
            raw.Log.AddGuessedEncoding(BoundedText.FindGuessedEncoding(text), root.GetRelativePath(text));
        }

        YoloSourceReader sources = new(raw, shown, data.Sources);
        YoloLabelFinder finder = new(root);
        YoloLabels labels = new(data.Names, data.KeypointShape) { Log = raw.Log, Statistics = raw.Statistics, Shapes = raw.Shapes };
        Dictionary<string, RawImage> seen = new(StringComparer.Ordinal);
        foreach (YoloSource source in data.Sources.Concat(GetUnknownSources(data, root)))
        {
            foreach ((string image, string name) in sources.ReadImages(source))
            {
                if (source.IsFallback && seen.ContainsKey(image))
                {
                    continue;
                }

                // A list may contain an image many times; its labels are read once.
                YoloSource place = source is { Split: DatasetSplit.Unassigned, Name: null } ? GetFolderSource(source, name) : source;
                RawImage added = seen.TryGetValue(image, out RawImage? first)
                    ? first with { Split = place.Split, FileName = name, SplitName = GetName(place) }
                    : seen[image] = Describe(image, name, place, shown, raw, finder, labels);
                raw.Images.Add(added);
            }
        }

        sources.RecordMissingSplits();
        finder.ReportOrphans(raw, shown);
        sources.Notes.Report(raw.Log);
        labels.Notes.Report(raw.Log);
        return raw;
    }

    // Without a description, a folder above the image may be named after a split: camera1/train/a.jpg.
    private static YoloSource GetFolderSource(YoloSource source, string name) =>
        name.Split('/')[..^1].FirstOrDefault(part => SplitNames.FromWholeName(part) != DatasetSplit.Unassigned) is { } folder
            ? source with { Split = SplitNames.FromWholeName(folder), Name = folder }
            : source;

    // A key that names images under another name than a split's is not dropped without a word.
    private static IEnumerable<YoloSource> GetUnknownSources(YoloDataFile data, DatasetRoot root) => data.UnknownKeys
        .Where(pair => pair.Value.Length > 0 && root.Resolve(root.Folder, pair.Value) is { } path && path != root.Folder
            && (Directory.Exists(path) || (File.Exists(path) && Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase))))
        .Select(pair => new YoloSource(DatasetSplit.Unassigned, pair.Value) { Name = pair.Key, IsFallback = true });

    private static string GetRoot(string beside, YoloDataFile data, string file, out string? note)
    {
        note = null;
        if (data.Root is not { } path)
        {
            return beside;
        }

        string stated = path.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(Path.Combine(beside, path.Replace('\\', '/')));
        if (Directory.Exists(stated) && (HasSource(stated) || !HasSource(beside)))
        {
            return stated;
        }

        // The path of another machine, or one relative to the folder of all data sets: the folder of the file, or one in it of that name.
        string? inside = PathSuffixes.Find(new DatasetRoot(beside), path, [beside]);
        if (new[] { beside, inside }.OfType<string>().FirstOrDefault(HasSource) is { } found)
        {
            string used = found == beside ? "the folder of the file" : $"'{Path.GetRelativePath(beside, found).Replace('\\', '/')}'";
            note = $"'path: {ProblemLog.Sanitize(path)}' is not the folder of the data; {used} is used";
            return found;
        }

        return Directory.Exists(stated) ? stated : throw new DatasetException(
            $"{file}: 'path: {ProblemLog.Sanitize(path)}' is not a folder, and the images are not in the folder of the file either. "
            + "Correct it, or remove the key if the data is in the same folder as the file.")
        { Path = file };

        bool HasSource(string folder) => Directory.Exists(folder) && data.Sources.Any(source => YoloSourceReader.Exists(source, new DatasetRoot(folder)));
    }

    private static string? GetName(YoloSource source) => source.Name is "unassigned" ? null : source.Name;

    private static RawImage Describe(
        string image, string name, YoloSource source, string shown, RawDataset raw, YoloLabelFinder finder, YoloLabels labels)
    {
        string? file = finder.Find(image, labels.Notes);
        RawImage added = new()
        {
            File = file is null ? shown : raw.Root.GetRelativePath(file),
            FileName = name,
            Path = image,
            Split = source.Split,
            SplitName = GetName(source),
        };
        if (file is not null)
        {
            labels.Read(file, added.File, added);
        }

        return added;
    }
}
