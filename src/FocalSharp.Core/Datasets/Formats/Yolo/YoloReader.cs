using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Reads YOLO text labels described by a <c>data.yaml</c>: boxes as center and size, as fractions of the image size.</summary>
internal static class YoloReader
{
    public static RawDataset? TryRead(DatasetSource source)
    {
        bool isYaml = Path.GetExtension(source.Path).ToUpperInvariant() is ".YAML" or ".YML";
        if (source.IsFile && !isYaml)
        {
            return null;
        }

        foreach (string file in source.IsFile ? [source.Path] : YoloLayout.Candidates(source.Path))
        {
            if (Parse(file, required: source.IsFile || source.IsFormatSpecified) is { } data)
            {
                return Read(file, data, labelsBesideImages: false);
            }
        }

        return null;
    }

    /// <summary>Reads a folder without a data.yaml.</summary>
    public static RawDataset? TryReadFolder(DatasetSource source) => !source.IsFile && YoloFolder.TryDescribe(source.Path) is { } data
        ? Read(Path.Combine(source.Path, "labels"), data, labelsBesideImages: true)
        : null;

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
                data.Names.Count == 0 ? "'names' lists no class" : "it has none of the keys 'train', 'val' and 'test'");
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

    private static RawDataset Read(string file, YoloDataFile data, bool labelsBesideImages)
    {
        string beside = Path.GetDirectoryName(file)!;
        RawDataset raw = new(data.Root is { } path ? GetRoot(beside, path, file) : beside)
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
        HashSet<(DatasetSplit Split, string Place)> places = [];
        Dictionary<string, RawImage> seen = new(StringComparer.Ordinal);
        foreach ((DatasetSplit split, string source) in data.Sources)
        {
            foreach ((string image, string name) in YoloLayout.Images(source, split, places, root, shown, raw))
            {
                // A list may contain an image many times; its labels are read once.
                RawImage added = seen.TryGetValue(image, out RawImage? first)
                    ? first with { Split = split, FileName = name }
                    : seen[image] = Describe(image, name, split, shown, raw, labelsBesideImages);
                raw.Images.Add(added);
            }
        }

        return raw;
    }

    private static string GetRoot(string beside, string path, string file)
    {
        string root =
            path.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(Path.Combine(beside, path.Replace('\\', '/')));
        return Directory.Exists(root)
            ? root
            : throw new DatasetException($"{file}: 'path: {ProblemLog.Sanitize(path)}' is not a folder. "
                + "Correct it, or remove the key if the data is in the same folder as the file.")
            { Path = file };
    }

    private static RawImage Describe(string image, string name, DatasetSplit split, string shown, RawDataset raw, bool labelsBesideImages)
    {
        string? labels = labelsBesideImages ? YoloFolder.LabelFile(image, raw.Root) : YoloLayout.LabelFile(image, raw.Root);
        bool labeled = File.Exists(labels);
        RawImage added = new()
        {
            File = labeled ? raw.Root.GetRelativePath(labels!) : shown,
            FileName = name,
            Path = image,
            Split = split,
        };
        if (labeled)
        {
            YoloLabels.Read(labels!, added.File, added, raw.Classes.Count, raw.Log, raw.Statistics, raw.Shapes);
        }

        return added;
    }
}
