using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets;

/// <summary>Reads detection data sets and detects their format.</summary>
public static class DatasetReader
{
    /// <summary>
    /// Reads COCO JSON, Pascal VOC, YOLO or a registered format from a file or folder. Invalid entries are skipped or corrected, and listed
    /// in <see cref="DetectionDataset.Problems"/>.
    /// </summary>
    /// <param name="path">A COCO <c>.json</c> file, a YOLO <c>data.yaml</c>, or the folder of a data set.</param>
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
                $"{given}: no such file or folder. Pass a COCO .json file, a YOLO data.yaml or the folder of a data set.")
            { Path = given };
        }

        IReadOnlyList<IDatasetFormat> formats = options.Format is { } only ? [only] : options.Formats ?? DatasetFormats.All;
        DatasetSource source = new(full, options, isFormatSpecified: options.Format is not null);

        // What is recognized by its contents alone comes last: folders of other formats may contain such files as well.
        RawDataset raw = formats.Select(format => format.TryRead(source)).FirstOrDefault(found => found is not null)
            ?? formats.Select(format => format.TryReadUndeclared(source)).FirstOrDefault(found => found is not null)
            ?? throw CreateUnrecognizedError(given, formats, source);
        return DatasetBuilder.Build(raw, given, options);
    }

    private static DatasetException CreateUnrecognizedError(string given, IReadOnlyList<IDatasetFormat> formats, DatasetSource source)
    {
        IEnumerable<string> searched = formats.Select(format => $"\n  - {format.DisplayName}: {format.SearchDescription}")
            .Concat(source.Notes.Select(note => $"\n  - {note}"));
        return new DatasetException(
            $"{given}: no detection data set was recognized. Looked for:{string.Concat(searched)}\n"
            + "Pass the folder that contains one of these, or the annotation file itself.")
        { Path = given };
    }
}
