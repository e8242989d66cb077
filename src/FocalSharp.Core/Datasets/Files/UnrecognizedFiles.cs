using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Files;

/// <summary>Describes files that no format recognizes as annotations, for the error that lists what was found.</summary>
internal static class UnrecognizedFiles
{
    private const int MaxFiles = 5;
    private const int MaxNames = 8;

    private static readonly Dictionary<string, string> Unread = new(StringComparer.OrdinalIgnoreCase)
    {
        [".parquet"] = "is a Parquet file, which is not read; export the images with a metadata.jsonl, or as COCO",
        [".arrow"] = "is an Arrow file, which is not read; export the images with a metadata.jsonl, or as COCO",
        [".tfrecord"] = "is a TFRecord file, which is not read; export the data set as COCO, VOC or YOLO",
        [".record"] = "is a TFRecord file, which is not read; export the data set as COCO, VOC or YOLO",
        [".h5"] = "is an HDF5 file, which is not read; export the data set as COCO, VOC or YOLO",
        [".hdf5"] = "is an HDF5 file, which is not read; export the data set as COCO, VOC or YOLO",
        [".mat"] = "is a MATLAB file, which is not read; export the data set as COCO, VOC or YOLO",
        [".pkl"] = "is a Python pickle, which is not read; export the data set as COCO, VOC or YOLO",
        [".npy"] = "is a NumPy array, which is not read; export the data set as COCO, VOC or YOLO",
        [".npz"] = "is a NumPy archive, which is not read; export the data set as COCO, VOC or YOLO",
        [".xlsx"] = "is a spreadsheet, which is not read; save it as .csv",
    };

    /// <summary>Returns a line for each of the first files that may be annotations and are not among the notes.</summary>
    public static IEnumerable<string> Describe(DatasetSource source)
    {
        string root = source.Folder;
        return GetFiles(source).Select(file => (Name: Path.GetRelativePath(root, file).Replace('\\', '/'), File: file))
            .Where(file => !source.Notes.Any(note => note.Contains(file.Name, StringComparison.Ordinal)))
            .Select(file => (file.Name, What: DescribeContent(file.File, source))).Where(file => file.What is not null)
            .Select(file => $"{ProblemLog.Sanitize(file.Name)} {file.What}").Take(MaxFiles);
    }

    /// <summary>Returns whether a JSON file is a list of detections, COCO's results format.</summary>
    public static bool IsResults(JsonSignature signature) =>
        signature.IsArray && signature.Has("bbox", "score") && (signature.Has("image_id") || signature.Has("file_name"));

    private static IEnumerable<string> GetFiles(DatasetSource source) => source.IsFile
        ? [source.Path]
        : new[] { ".json", ".jsonl", ".ndjson", ".geojson", ".csv", ".tsv" }.SelectMany(source.Index.Value.WithExtension).Take(MaxFiles * 4)
            .Concat(source.Index.Value.WithExtension(".txt").Where(IsTracks).Take(1))
            .Concat(Unread.Keys.SelectMany(extension => source.Index.Value.WithExtension(extension).Take(1)));

    // MOTChallenge's ground truth of a video.
    private static bool IsTracks(string file) => file.Replace('\\', '/').EndsWith("/gt/gt.txt", StringComparison.OrdinalIgnoreCase);

    private static string? DescribeContent(string file, DatasetSource source)
    {
        if (IsTracks(file))
        {
            return "is a track file (MOTChallenge), which is not read; export the frames as COCO";
        }

        string extension = Path.GetExtension(file).ToLowerInvariant();
        if (Unread.TryGetValue(extension, out string? unread))
        {
            return unread;
        }

        if (extension is ".csv" or ".tsv")
        {
            return CsvHeader.TryRead(file) is { Count: > 1 } columns ? $"has the columns {List(columns)}" : null;
        }

        return extension is not (".json" or ".jsonl" or ".ndjson" or ".geojson") || source.GetSignature(file) is not { } signature ? null
            : IsResults(signature) ? "is a list of detections (COCO results), not of annotations"
            : signature.Keys.Count == 0 ? signature.IsArray ? "is a list without objects" : null
            : $"is {(signature.IsArray ? "a list of objects" : "an object")} with the keys {List(signature.Keys)}";
    }

    private static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(MaxNames).Select(name => $"'{ProblemLog.Sanitize(name)}'")) + (all.Length > MaxNames ? ", …" : "");
    }
}
