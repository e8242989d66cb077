using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets;

/// <summary>Reads detection data sets and detects their format.</summary>
public static class DatasetReader
{
    private const int MaxNotes = 5;

    /// <summary>
    /// Reads COCO JSON, Pascal VOC, YOLO, what labeling tools write, or a registered format from a file, a folder or a ZIP file, which is extracted
    /// into the cache. Invalid entries are skipped or corrected, and listed
    /// in <see cref="DetectionDataset.Problems"/>.
    /// </summary>
    /// <param name="path">An annotation file such as a COCO <c>.json</c> or a YOLO <c>data.yaml</c>, the folder of a data set, or a ZIP file of one.</param>
    /// <param name="options">Read options; null for the defaults.</param>
    /// <returns>The data set; it contains at least one image and one class.</returns>
    /// <exception cref="DatasetException">No format was recognized, or no image can be used.</exception>
    /// <exception cref="FileException">The path does not exist or cannot be read.</exception>
    public static DetectionDataset Read(string path, DatasetReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new DatasetReadOptions();
        try
        {
            return Open(Path.GetFullPath(path), path, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{path}: cannot be read ({exception.Message}). Check that it exists and that you have permission to read it.", exception)
            { Path = path };
        }
    }

    private static DetectionDataset Open(string full, string given, DatasetReadOptions options)
    {
        if (!Path.Exists(full))
        {
            throw new FileException(
                $"{given}: no such file or folder.{NearbyPaths.DidYouMean(given)} Pass the folder of a data set, its annotation file, or a ZIP file of it.")
            { Path = given };
        }

        CheckIsNotMedia(full, given);
        string opened = File.Exists(full) ? OpenArchive(full, given) : full;
        IReadOnlyList<IDatasetFormat> formats = options.Format is { } only ? [only] : options.Formats ?? DatasetFormats.All;
        DatasetSource source = new(opened, options, isFormatSpecified: options.Format is not null);

        // What is recognized by its contents alone comes last: folders of other formats may contain such files as well.
        RawDataset raw = formats.Select(format => format.TryRead(source)).FirstOrDefault(found => found is not null)
            ?? formats.Select(format => format.TryReadUndeclared(source)).FirstOrDefault(found => found is not null)
            ?? throw CreateUnrecognizedError(given, formats, source);
        return DatasetBuilder.Build(raw, given, options);
    }

    private static string OpenArchive(string full, string given) => DatasetArchive.GetKind(full) switch
    {
        null => full,
        "zip" => DatasetArchive.Extract(full, given),
        string kind => throw new DatasetException($"{given}: is a {kind} archive; only ZIP files are read. Extract it and pass the folder.") { Path = given },
    };

    private static void CheckIsNotMedia(string full, string given)
    {
        if (!File.Exists(full))
        {
            return;
        }

        string? what = ContentSignature.Describe(full) is { } content && content.StartsWith("a video", StringComparison.Ordinal) ? content : ImageFiles.IsImage(full) ? "an image" : null;
        if (what is not null)
        {
            throw new DatasetException($"{given}: is {what}. Pass the folder of a data set, or its annotation file.") { Path = given };
        }
    }

    private static DatasetException CreateUnrecognizedError(string given, IReadOnlyList<IDatasetFormat> formats, DatasetSource source)
    {
        // Those of labeling tools are recognized by their contents, and named only.
        IDatasetFormat[] tools = [.. formats.Where(DatasetFormats.IsOfLabelingTool)];
        IEnumerable<string> searched = formats.Except(tools.Length > 1 ? tools : []).Select(format => $"\n  - {format.DisplayName}: {format.SearchDescription}")
            .Concat(tools.Length > 1 ? [$"\n  - an export of {string.Join(", ", tools.Select(format => format.DisplayName))}"] : []);
        string found = string.Concat(source.Notes.Concat(UnrecognizedFiles.Describe(source)).Take(MaxNotes).Select(note => $"\n  - {note}"));
        return new DatasetException(
            $"{given}: no detection data set was recognized.{(source.IsFile ? "" : NearbyPaths.DidYouMeanBelow(source.Path))}{(found.Length == 0 ? "" : $" Found:{found}")}\n"
            + $"Looked for:{string.Concat(searched)}\n"
            + "Pass the folder that contains one of these, or the annotation file itself.")
        { Path = given };
    }
}
