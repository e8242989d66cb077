using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.IO;

namespace FocalSharp.Evaluation.Coco;

/// <summary>Detections in COCO's results format: a flat list of image, category, box and score.</summary>
public sealed class CocoResults
{
    private const int EntriesPerFlush = 4096;

    /// <summary>Creates results from their entries.</summary>
    /// <param name="source">The name in messages, for example a file's path.</param>
    /// <param name="entries">The entries; among equal scores the earlier ranks first.</param>
    public CocoResults(string source, IEnumerable<CocoResult> entries)
    {
        Source = source;
        Entries = [.. entries];
    }

    /// <summary>Gets the name in messages.</summary>
    public string Source { get; }

    /// <summary>Gets the number of entries.</summary>
    public int Count => Entries.Length;

    /// <summary>Gets the entry at a position of the file.</summary>
    public CocoResult this[int index] => Entries[index];

    internal CocoResult[] Entries { get; }

    /// <summary>Gets how entries were matched to images and categories, if not by their ids; one sentence each.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Gets the entries matched by image id, if file names, by which they are matched, contradict valid ids; otherwise null.</summary>
    internal CocoResults? ByImageId { get; init; }

    /// <summary>Gets the file name of each image, which is written with its entries; empty if unknown.</summary>
    internal IReadOnlyDictionary<long, string> FileNames { get; init; } = new Dictionary<long, string>();

    /// <summary>Gets the name of each category, which is written with its entries; empty if unknown.</summary>
    internal IReadOnlyDictionary<int, string> CategoryNames { get; init; } = new Dictionary<int, string>();

    /// <summary>Reads a COCO results file by its numeric ids: <c>image_id, category_id, bbox, score</c>. Other keys are skipped.</summary>
    /// <exception cref="DatasetException">The file is malformed; the message identifies the entry.</exception>
    public static CocoResults Read(string path) => RawResults.Read(path).ToResults();

    /// <summary>
    /// Reads a COCO results file for a ground truth. Entries with <c>file_name</c>, or with text as <c>image_id</c>, are matched to images by
    /// file name (with or without folder and extension); those with <c>category_name</c>, or with text as <c>category_id</c>, to categories by
    /// name. Entries of categories that only the detector has are left out then.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="truth">The ground truth.</param>
    /// <exception cref="DatasetException">The file is malformed, or an entry belongs to no image; the message identifies the entry.</exception>
    /// <exception cref="OptionException">The ids name one image as numbers and another as file names.</exception>
    public static CocoResults Read(string path, CocoGroundTruth truth) => CocoResultsResolver.Resolve(RawResults.Read(path), truth);

    /// <summary>Creates results from a data set's detections, mapping labels to category ids.</summary>
    /// <param name="dataset">The images and classes.</param>
    /// <param name="detections">
    /// The detections of each image, in the order of <see cref="DetectionDataset.Images"/>, in original pixels.
    /// </param>
    /// <exception cref="DatasetException">Two images share an id, so that results could not distinguish them.</exception>
    public static CocoResults From(DetectionDataset dataset, IReadOnlyList<IReadOnlyList<Detection>> detections)
    {
        long[] ids = [.. dataset.Images.Select(image => image.Id)];
        if (ids.Distinct().Count() != ids.Length)
        {
            throw new DatasetException(
                $"{dataset.Name}: two images share an id, so that results could not distinguish them. Choose one split, or give each image its own id.");
        }

        return From(dataset, ids, detections);
    }

    /// <summary>
    /// Writes the results file atomically, with file and class names if they came from a data set. Numbers are written so that reading restores
    /// the same bits.
    /// </summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the results as UTF-8 JSON.</summary>
    public void Write(Stream stream)
    {
        using Utf8JsonWriter writer = new(stream);
        writer.WriteStartArray();
        for (int i = 0; i < Entries.Length; i++)
        {
            CocoResult entry = Entries[i];
            writer.WriteStartObject();
            writer.WriteNumber("image_id"u8, entry.ImageId);
            if (FileNames.TryGetValue(entry.ImageId, out string? file))
            {
                writer.WriteString("file_name"u8, file);
            }

            writer.WriteNumber("category_id"u8, entry.CategoryId);
            if (CategoryNames.TryGetValue(entry.CategoryId, out string? category))
            {
                writer.WriteString("category_name"u8, category);
            }

            writer.WriteStartArray("bbox"u8);
            writer.WriteNumberValue(entry.Box.X);
            writer.WriteNumberValue(entry.Box.Y);
            writer.WriteNumberValue(entry.Box.Width);
            writer.WriteNumberValue(entry.Box.Height);
            writer.WriteEndArray();
            writer.WriteNumber("score"u8, entry.Score);
            writer.WriteEndObject();
            if (i % EntriesPerFlush == 0)
            {
                writer.Flush();
            }
        }

        writer.WriteEndArray();
    }

    internal static CocoResults From(
        DetectionDataset dataset, long[] imageIds, IReadOnlyList<IReadOnlyList<Detection>> detections)
    {
        if (detections.Count != dataset.Images.Count)
        {
            throw new ArgumentException(
                $"{detections.Count} lists of detections were passed for the {dataset.Images.Count} images of " +
                $"{dataset.Name}; pass one per image.", nameof(detections));
        }

        List<CocoResult> entries = new(detections.Sum(list => list.Count));
        for (int i = 0; i < imageIds.Length; i++)
        {
            foreach (Detection detection in detections[i])
            {
                bool isFinite = detection.Box.IsFinite && float.IsFinite(detection.Score);
                if (!isFinite || (uint)detection.Label >= (uint)dataset.Classes.Count)
                {
                    throw new ArgumentException(
                        $"{dataset.Name}: image '{dataset.Images[i].FileName}': {detection} is not a detection of one " +
                        $"of {dataset.Classes.Count} classes in finite numbers.",
                        nameof(detections));
                }

                int categoryId = dataset.CategoryIds[detection.Label];
                entries.Add(new CocoResult(imageIds[i], categoryId, CocoBox.From(detection.Box), detection.Score));
            }
        }

        return new CocoResults($"detections of {dataset.Name}", entries)
        {
            FileNames = imageIds.Zip(dataset.Images, (id, image) => (id, image.FileName)).ToDictionary(),
            CategoryNames = dataset.CategoryIds.Zip(dataset.Classes).ToDictionary(),
        };
    }
}
