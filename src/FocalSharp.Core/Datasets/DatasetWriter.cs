using FocalSharp.Datasets.Formats.Coco;
using FocalSharp.Datasets.Formats.Voc;
using FocalSharp.Datasets.Formats.Yolo;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets;

/// <summary>
/// Writes a data set as COCO, VOC or YOLO. A reading of what was written gives the same boxes within 1e-3 px, the same
/// splits, and the same images, those without objects too.
/// </summary>
public static class DatasetWriter
{
    /// <summary>Writes annotations and, by default, copies of the images; each file is written whole or not at all.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="format">The format to write.</param>
    /// <param name="folder">A new or empty folder, or any with <see cref="DatasetWriteOptions.Overwrite"/>.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <returns>What was written, and what the format could not hold.</returns>
    /// <exception cref="FocalSharpException">The folder is not empty or cannot be written to, or an image cannot be
    /// read.</exception>
    public static DatasetWriteReport Write(
        DetectionDataset dataset, DatasetFormat format, string folder, DatasetWriteOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new DatasetWriteOptions();
        string full = Path.GetFullPath(folder);
        CheckFolder(full, folder, options);
        bool marksCrowd = format == DatasetFormat.Coco;
        IReadOnlyList<OutputImage> images = OutputNames.Assign(
            options.DropCrowd && !marksCrowd ? WithoutCrowd(dataset) : dataset,
            flat: format == DatasetFormat.Voc,
            ImageFolder(format));
        int copied = options.CopyImages ? ImageCopy.CopyAll(images, full) : 0;
        string entryPoint = format switch
        {
            DatasetFormat.Coco => CocoWriter.Write(dataset, images, full),
            DatasetFormat.Voc => VocWriter.Write(dataset, images, full),
            _ => YoloWriter.Write(dataset, images, full),
        };
        return new DatasetWriteReport(
            full,
            entryPoint,
            images.Count,
            images.Sum(image => image.Source.Objects.Count),
            copied,
            ConversionWarnings.Collect(dataset, format, options));
    }

    private static Func<DatasetSplit, string> ImageFolder(DatasetFormat format) => format switch
    {
        DatasetFormat.Coco => CocoWriter.ImageFolder,
        DatasetFormat.Voc => VocWriter.ImageFolder,
        _ => YoloWriter.ImageFolder,
    };

    private static DetectionDataset WithoutCrowd(DetectionDataset dataset) => dataset with
    {
        Images = [.. dataset.Images.Select(image => image with { Objects = [.. image.Objects.Where(item => !item.IsCrowd)] })],
    };

    private static void CheckFolder(string full, string given, DatasetWriteOptions options)
    {
        try
        {
            if (File.Exists(full))
            {
                throw new FocalSharpException($"{given}: is a file; give a folder for the data set.");
            }

            if (!options.Overwrite && Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any())
            {
                throw new FocalSharpException(
                    $"{given}: the folder is not empty, and old labels would mix with new ones. "
                    + "Choose a new folder, or ask to overwrite.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException($"{given}: cannot be read ({exception.Message}). Choose another folder.", exception);
        }
    }
}
