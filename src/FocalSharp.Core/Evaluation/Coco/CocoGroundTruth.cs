using FocalSharp.Datasets;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// The ground truth of COCO evaluation: images, categories and annotated objects. Images' pixels are not needed.
/// </summary>
public sealed class CocoGroundTruth
{
    /// <summary>Makes ground truth from its parts.</summary>
    /// <param name="source">What to call it in messages: a file's path or a data set's name.</param>
    /// <param name="imageIds">All images, those without objects among them.</param>
    /// <param name="categories">All categories.</param>
    /// <param name="annotations">All objects; those of images or categories not listed do not count, as in the reference.</param>
    public CocoGroundTruth(
        string source,
        IReadOnlyList<long> imageIds,
        IReadOnlyList<CocoCategory> categories,
        IEnumerable<CocoAnnotation> annotations)
    {
        Source = source;
        ImageIds = imageIds;
        Categories = categories;
        Annotations = [.. annotations];
    }

    /// <summary>What it is called in messages.</summary>
    public string Source { get; }

    /// <summary>Ids of all images.</summary>
    public IReadOnlyList<long> ImageIds { get; }

    /// <summary>All categories, in the order of the file.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>Number of objects.</summary>
    public int Count => Annotations.Length;

    /// <summary>The object at a position of the file.</summary>
    public CocoAnnotation this[int index] => Annotations[index];

    internal CocoAnnotation[] Annotations { get; }

    /// <summary>Reads a COCO annotation file; keys that boxes do not need are skipped.</summary>
    /// <exception cref="FocalSharpException">The file is missing or malformed; the message names the entry.</exception>
    public static CocoGroundTruth Read(string path) => CocoGroundTruthReader.Read(path, CocoFileReader.ReadBytes(path));

    /// <summary>Takes a data set's objects.</summary>
    public static CocoGroundTruth From(DetectionDataset dataset) => From(dataset, UniqueImageIds(dataset));

    internal static CocoGroundTruth From(DetectionDataset dataset, long[] imageIds) => new(
        dataset.Name,
        imageIds,
        [.. dataset.Classes.Select((name, label) => new CocoCategory(dataset.CategoryIds[label], name))],
        dataset.Images.SelectMany((image, i) => image.Objects.Select(thing => new CocoAnnotation(
            thing.Id, imageIds[i], dataset.CategoryIds[thing.Label], CocoBox.From(thing.Box), thing.Area, thing.IsCrowd))));

    /// <summary>
    /// The images' ids, or their positions from 1 where ids repeat (splits that were numbered apart from each other).
    /// </summary>
    internal static long[] UniqueImageIds(DetectionDataset dataset)
    {
        long[] ids = [.. dataset.Images.Select(image => image.Id)];
        return ids.Distinct().Count() == ids.Length ? ids : [.. Enumerable.Range(1, ids.Length).Select(i => (long)i)];
    }
}
