using FocalSharp.Datasets.Coco;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Voc;
using FocalSharp.Datasets.Yolo;

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
    /// <exception cref="UserErrorException">Nothing fits, nothing is left to use, or a root file cannot be read.</exception>
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
            throw new UserErrorException(
                $"{path}: cannot be read ({exception.Message}). Check that it exists and may be read.", exception);
        }
    }

    private static DetectionDataset Open(string full, string given, DatasetReadOptions options)
    {
        if (!Path.Exists(full))
        {
            throw new UserErrorException(
                $"{given}: no such file or folder. Give a COCO .json, a YOLO data.yaml or a data set's folder.");
        }

        List<string> lookedFor = [];
        foreach (DatasetFormat format in options.Format is { } only ? [only] : Order)
        {
            DatasetDraft? draft = format switch
            {
                DatasetFormat.Coco => CocoReader.TryRead(full, options, lookedFor),
                DatasetFormat.Voc => VocReader.TryRead(full, options, lookedFor),
                _ => YoloReader.TryRead(full, options, lookedFor),
            };
            if (draft is not null)
            {
                return DraftFinisher.Finish(draft, given, options);
            }
        }

        // Last, since it goes by the labels alone: other formats' folders may hold such labels as well.
        if (options.Format is null or DatasetFormat.Yolo && YoloReader.TryReadFolder(full, lookedFor) is { } bare)
        {
            return DraftFinisher.Finish(bare, given, options);
        }

        throw new UserErrorException(
            $"{given}: no detection data set was recognised here. Looked for:\n  - {string.Join("\n  - ", lookedFor)}\n"
            + "Point at the folder that holds one of these, or at the annotation file itself.");
    }

    // A data.yaml and XML files say plainly what they are; a .json may be anything.
    private static readonly DatasetFormat[] Order = [DatasetFormat.Yolo, DatasetFormat.Voc, DatasetFormat.Coco];
}
