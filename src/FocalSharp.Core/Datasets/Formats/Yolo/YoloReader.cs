using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Reads YOLO text labels described by a <c>data.yaml</c>: boxes as centre and size in shares of the image.</summary>
internal static class YoloReader
{
    public static RawDataset? TryRead(string path, DatasetReadOptions options, List<string> searchedFolders)
    {
        bool single = File.Exists(path);
        bool isYaml = Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML";
        if (single && !isYaml)
        {
            searchedFolders.Add("YOLO: a data.yaml with 'names' and 'train', 'val' or 'test'");
            return null;
        }

        bool insist = single || options.Format == DatasetFormat.Yolo;
        foreach (string file in single ? [path] : YoloLayout.Candidates(path))
        {
            if (Parse(file, insist) is { } data)
            {
                return Read(file, data, besideToo: false);
            }
        }

        searchedFolders.Add("YOLO: data.yaml (or another .yaml) with 'names' and 'train', 'val' or 'test'");
        return null;
    }

    /// <summary>Reads a folder that no data.yaml describes.</summary>
    public static RawDataset? TryReadFolder(string path, List<string> searchedFolders)
    {
        if (Directory.Exists(path) && YoloFolder.TryDescribe(path) is { } data)
        {
            return Read(Path.Combine(path, "labels"), data, besideToo: true);
        }

        searchedFolders.Add("YOLO without data.yaml: images with .txt labels of numbers, in images/ and labels/ or side by side");
        return null;
    }

    private static YoloDataFile? Parse(string file, bool insist)
    {
        bool known = insist || Path.GetFileNameWithoutExtension(file) is "data" or "dataset";
        try
        {
            YoloDataFile data = YoloDataFile.Parse(file);
            if (data.Sources.Count > 0 && data.Names.Count > 0)
            {
                return data;
            }

            return !known ? null : throw new InvalidDataException(
                data.Names.Count == 0 ? "'names' names no class" : "it has none of the keys 'train', 'val' and 'test'");
        }
        catch (InvalidDataException exception)
        {
            // A stray .yaml of another kind is passed over.
            return !known ? null : throw new FocalSharpException(
                $"{file}: {exception.Message}. "
                + "A data.yaml needs 'names' (list, or map from index to name) and 'train', 'val' or 'test' paths.",
                exception);
        }
    }

    private static RawDataset Read(string file, YoloDataFile data, bool besideToo)
    {
        string beside = Path.GetDirectoryName(file)!;
        DatasetRoot root = new(data.Root is { } path ? RootOf(beside, path, file) : beside);
        RawDataset raw = new(root, data.Names, [.. Enumerable.Range(1, data.Names.Count)], [], new ProblemLog(), DatasetFormat.Yolo, "line");
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
                // A list may name an image many times; its labels are read once.
                RawImage added = seen.TryGetValue(image, out RawImage? first)
                    ? first with { Split = split, FileName = name }
                    : seen[image] = Describe(image, name, split, shown, raw, besideToo);
                raw.Images.Add(added);
            }
        }

        return raw;
    }

    private static string RootOf(string beside, string path, string file)
    {
        string root =
            path.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(Path.Combine(beside, path.Replace('\\', '/')));
        return Directory.Exists(root)
            ? root
            : throw new FocalSharpException($"{file}: 'path: {ProblemLog.Sanitize(path)}' is no folder. "
                + "Correct it, or remove the key where the data lies beside the file.");
    }

    private static RawImage Describe(string image, string name, DatasetSplit split, string shown, RawDataset raw, bool besideToo)
    {
        string? labels = besideToo ? YoloFolder.LabelFile(image, raw.Root) : YoloLayout.LabelFile(image, raw.Root);
        bool labeled = File.Exists(labels);
        RawImage added = new()
        {
            File = labeled ? raw.Root.GetRelativePath(labels!) : shown,
            FileName = name,
            Path = image,
            Split = split,
            Normalized = true,
        };
        if (labeled)
        {
            YoloLabels.Read(labels!, added.File, added, raw.Classes.Count, raw.Log, raw.Statistics);
        }

        return added;
    }
}
