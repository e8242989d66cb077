using System.Xml;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets;

/// <summary>
/// Writes data sets. Reading a written data set gives the same boxes within 1e-3 px, the same splits, and the same images, including those
/// without objects.
/// </summary>
public static class DatasetWriter
{
    /// <summary>Writes the annotations and, by default, copies of the images. No file is left half-written.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="format">The format to write, for example <see cref="DatasetFormats.Coco"/>.</param>
    /// <param name="folder">A new or empty folder, or any folder with <see cref="DatasetWriteOptions.Overwrite"/>.</param>
    /// <param name="options">Write options; null for the defaults.</param>
    /// <returns>What was written, and what the format could not store.</returns>
    /// <exception cref="OptionException">The format is only read.</exception>
    /// <exception cref="DatasetException">
    /// The folder is not empty, or is a file; or the format identifies classes by name, and two have the same.
    /// </exception>
    /// <exception cref="FileException">The folder cannot be written to, or an image cannot be read.</exception>
    public static DatasetWriteReport Write(
        DetectionDataset dataset, IDatasetFormat format, string folder, DatasetWriteOptions? options = null) =>
        WriteWithImages(dataset, format, folder, options, ImageCopy.CopyAll);

    /// <summary>Writes the annotations, and images that are not simply copied.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="format">The format to write.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Write options; null for the defaults.</param>
    /// <param name="writeImages">Writes the images, in the order of the data set, below the full path of the folder, and returns how many it wrote.</param>
    internal static DatasetWriteReport WriteWithImages(
        DetectionDataset dataset, IDatasetFormat format, string folder, DatasetWriteOptions? options, Func<IReadOnlyList<OutputImage>, string, int> writeImages)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (format.IsReadOnly)
        {
            string names = string.Join(", ", DatasetFormats.All.Where(other => !other.IsReadOnly).Select(other => other.Name).Order(StringComparer.Ordinal));
            throw new OptionException($"{format.DisplayName} is read, but not written. Use one of: {names}.") { OptionName = "format" };
        }

        options ??= new DatasetWriteOptions();
        string full = Path.GetFullPath(folder);
        CheckFolder(full, folder, options);
        CheckClassNames(dataset, format);
        IReadOnlyList<OutputImage> images = OutputNames.Assign(
            AdaptCrowd(dataset, format, options), flat: format.UsesFlatImageNames, format.GetImageFolder);
        int copied = options.CopyImages ? writeImages(images, full) : 0;
        return new DatasetWriteReport(
            full,
            format.Write(dataset, images, full),
            images.Count,
            images.Sum(image => image.Source.Objects.Count),
            copied,
            ConversionWarnings.Collect(dataset, format, options));
    }

    /// <summary>Removes crowd objects, or marks them as difficult, for a format without a crowd flag.</summary>
    private static DetectionDataset AdaptCrowd(DetectionDataset dataset, IDatasetFormat format, DatasetWriteOptions options)
    {
        if (format.Features.HasFlag(DatasetFeatures.Crowd))
        {
            return dataset;
        }

        return dataset with
        {
            Images =
            [
                .. dataset.Images.Select(image => image with
                {
                    Objects =
                    [
                        .. image.Objects.Where(item => !item.IsCrowd || !options.DropCrowd)
                            .Select(item => item.IsCrowd ? item with { IsDifficult = true } : item),
                    ],
                }),
            ],
        };
    }

    // The name as a reader will see it: files in XML cannot represent some characters, and readers trim.
    private static void CheckClassNames(DetectionDataset dataset, IDatasetFormat format)
    {
        if (!format.IdentifiesClassesByName)
        {
            return;
        }

        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (string name in dataset.Classes)
        {
            string read = string.Concat((ClassNameParser.Clean(name) ?? "").Select(c => char.IsSurrogate(c) || XmlConvert.IsXmlChar(c) ? c : '_'));
            if (!names.TryAdd(read, name))
            {
                throw new DatasetException(
                    $"{dataset.Name}: the classes '{ProblemLog.Sanitize(names[read])}' and '{ProblemLog.Sanitize(name)}' would be one class in {format.DisplayName}, "
                    + "which identifies classes by name. Rename one of them, or merge them before writing.");
            }
        }
    }

    private static void CheckFolder(string full, string given, DatasetWriteOptions options)
    {
        try
        {
            if (File.Exists(full))
            {
                throw new DatasetException($"{given}: is a file. Pass a folder for the data set.") { Path = given };
            }

            if (!options.Overwrite && Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any())
            {
                throw new DatasetException(
                    $"{given}: the folder is not empty, and old labels would mix with new ones. Choose a new folder, or allow overwriting.")
                { Path = given };
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{given}: cannot be read ({exception.Message}). Choose another folder.", exception) { Path = given };
        }
    }
}
