using FocalSharp.Datasets.Formats.Coco;
using FocalSharp.Datasets.Formats.Voc;
using FocalSharp.Datasets.Formats.Yolo;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets;

/// <summary>Reads a detection data set, finding its format by itself.</summary>
public static class DatasetReader
{
    /// <summary>
    /// Reads COCO JSON, Pascal VOC or YOLO from a file or folder. Faulty entries are listed in
    /// <see cref="DetectionDataset.Problems"/> and left out or mended; reading goes on.
    /// </summary>
    /// <param name="path">A COCO <c>.json</c>, a YOLO <c>data.yaml</c>, or the folder of a data set.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="FocalSharpException">Nothing fits, nothing is left to use, or a root file cannot be read.</exception>
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
            throw new FocalSharpException(
                $"{path}: cannot be read ({exception.Message}). Check that it exists and may be read.", exception);
        }
    }

    private static DetectionDataset Open(string full, string given, DatasetReadOptions options)
    {
        if (!Path.Exists(full))
        {
            throw new FocalSharpException(
                $"{given}: no such file or folder. Give a COCO .json, a YOLO data.yaml or a data set's folder.");
        }

        List<string> searchedFolders = [];
        foreach (DatasetFormat format in options.Format is { } only ? [only] : Order)
        {
            RawDataset? raw = format switch
            {
                DatasetFormat.Coco => CocoReader.TryRead(full, options, searchedFolders),
                DatasetFormat.Voc => VocReader.TryRead(full, options, searchedFolders),
                _ => YoloReader.TryRead(full, options, searchedFolders),
            };
            if (raw is not null)
            {
                return DatasetBuilder.Build(raw, given, options);
            }
        }

        // Last, since it goes by the labels alone: other formats' folders may hold such labels as well.
        if (options.Format is null or DatasetFormat.Yolo && YoloReader.TryReadFolder(full, searchedFolders) is { } bare)
        {
            return DatasetBuilder.Build(bare, given, options);
        }

        throw new FocalSharpException(
            $"{given}: no detection data set was recognised here. Looked for:\n  - {string.Join("\n  - ", searchedFolders)}\n"
            + "Point at the folder that holds one of these, or at the annotation file itself.");
    }

    // A data.yaml and XML files say plainly what they are; a .json may be anything.
    private static readonly DatasetFormat[] Order = [DatasetFormat.Yolo, DatasetFormat.Voc, DatasetFormat.Coco];
}
