using FocalSharp.Datasets;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// The ground truth of a COCO evaluation: images, categories and annotated objects. Image files are not needed.
/// </summary>
public sealed class CocoGroundTruth
{
    /// <summary>Creates ground truth from its parts.</summary>
    /// <param name="source">The name in messages: a file's path or a data set's name.</param>
    /// <param name="imageIds">The ids of all images, including those without objects.</param>
    /// <param name="categories">All categories.</param>
    /// <param name="annotations">All objects; those of unlisted images or categories are ignored, as in the reference.</param>
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

    /// <summary>Gets the name in messages.</summary>
    public string Source { get; }

    /// <summary>Gets the ids of all images.</summary>
    public IReadOnlyList<long> ImageIds { get; }

    /// <summary>Gets all categories, in file order.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>
    /// Gets the file names of the images, in the order of <see cref="ImageIds"/>; empty if unknown. Results without image ids are matched by
    /// them.
    /// </summary>
    public IReadOnlyList<string?> FileNames { get; init; } = [];

    /// <summary>Gets the number of objects.</summary>
    public int Count => Annotations.Length;

    /// <summary>Gets the object at a position of the file.</summary>
    public CocoAnnotation this[int index] => Annotations[index];

    internal CocoAnnotation[] Annotations { get; }

    /// <summary>Gets the width and height of each image whose size is known.</summary>
    internal IReadOnlyDictionary<long, (double Width, double Height)> ImageSizes { get; init; } = new Dictionary<long, (double, double)>();

    /// <summary>Gets the image ids that are text in the file, with the numbers that stand for them.</summary>
    internal IReadOnlyDictionary<string, long> TextIds { get; init; } = new Dictionary<string, long>();

    /// <summary>Gets the category ids that are text in the file, with the numbers that stand for them.</summary>
    internal IReadOnlyDictionary<string, int> CategoryTextIds { get; init; } = new Dictionary<string, int>();

    /// <summary>Gets the verified categories of each image that states them; empty if the data set is not federated.</summary>
    internal IReadOnlyDictionary<long, ImageVerification> Verifications { get; init; } = new Dictionary<long, ImageVerification>();

    /// <summary>Reads a COCO annotation file; keys that boxes do not need are skipped.</summary>
    /// <exception cref="DatasetException">The file is malformed; the message identifies the entry.</exception>
    public static CocoGroundTruth Read(string path) => CocoGroundTruthReader.Read(path);

    /// <summary>Creates ground truth from a data set.</summary>
    public static CocoGroundTruth From(DetectionDataset dataset) => From(dataset, UniqueImageIds(dataset));

    internal static CocoGroundTruth From(DetectionDataset dataset, long[] imageIds) => new(
        dataset.Name,
        imageIds,
        [.. dataset.Classes.Select((name, label) => new CocoCategory(dataset.CategoryIds[label], name))],
        dataset.Images.SelectMany((image, i) => image.Objects.Select(thing => new CocoAnnotation(
            thing.Id, imageIds[i], dataset.CategoryIds[thing.Label], CocoBox.From(thing.Box), thing.Area, thing.IsCrowd)
        { IsDifficult = thing.IsDifficult })))
    {
        FileNames = [.. dataset.Images.Select(image => image.FileName)],
        ImageSizes = imageIds.Zip(dataset.Images, (id, image) => (id, ((double)image.Width, (double)image.Height))).ToDictionary(),
    };

    /// <summary>
    /// Returns the images' ids, or their positions from 1 if ids repeat (splits that were numbered separately).
    /// </summary>
    internal static long[] UniqueImageIds(DetectionDataset dataset)
    {
        long[] ids = [.. dataset.Images.Select(image => image.Id)];
        return ids.Distinct().Count() == ids.Length ? ids : [.. Enumerable.Range(1, ids.Length).Select(i => (long)i)];
    }
}
