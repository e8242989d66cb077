using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Explorer.Datasets.Filtering;

namespace FocalSharp.Explorer.Datasets;

/// <summary>The split that a run was evaluated on, with the number of errors of the run's detections per image.</summary>
internal sealed class EvaluatedDataset
{
    private readonly Lazy<ErrorIndex?> _errors;

    private EvaluatedDataset(DetectionDataset dataset, string split, IReadOnlyList<EvaluatedImage> images, CocoResults? results, DetectionDataset? original, string? path)
    {
        (Original, Path) = (original ?? dataset, path);
        (Dataset, Split, Images, Results) = (dataset, split, images, results);
        ById = CocoGroundTruth.UniqueImageIds(dataset).Zip(images).ToDictionary();
        _errors = new Lazy<ErrorIndex?>(() => results is null ? null : ErrorIndex.Create(dataset, results));
    }

    /// <summary>Gets the split with its classes.</summary>
    public DetectionDataset Dataset { get; }

    /// <summary>Gets all images with the labels of the annotations, without any patch.</summary>
    public DetectionDataset Original { get; }

    /// <summary>Gets the path that the data set was read from; null if it is in memory.</summary>
    public string? Path { get; }

    /// <summary>Gets the name of the split.</summary>
    public string Split { get; }

    /// <summary>Gets the images in the order of the data set.</summary>
    public IReadOnlyList<EvaluatedImage> Images { get; }

    /// <summary>Gets whether the run saved detections, so that errors are known.</summary>
    public bool HasDetections => Results is not null;

    /// <summary>Gets the detections of the run; null if it saved none.</summary>
    public CocoResults? Results { get; }

    /// <summary>Gets the images by the ids of the evaluation.</summary>
    public IReadOnlyDictionary<long, EvaluatedImage> ById { get; }

    /// <summary>Gets the errors of the run's detections, computed when they are first needed; null if it saved none.</summary>
    public ErrorIndex? Errors => _errors.Value;

    /// <summary>Counts the errors of detections per image.</summary>
    /// <param name="dataset">The split.</param>
    /// <param name="split">The name of the split.</param>
    /// <param name="results">The detections of the run, or null if it saved none.</param>
    /// <param name="original">All images with the labels of the annotations; null for <paramref name="dataset"/>.</param>
    /// <param name="path">The path that the data set was read from, or null.</param>
    public static EvaluatedDataset Create(DetectionDataset dataset, string split, CocoResults? results, DetectionDataset? original = null, string? path = null)
    {
        Dictionary<int, int> labels = dataset.CategoryIds.Select((category, label) => (category, label)).ToDictionary();
        ILookup<long, Detection> found = Enumerable.Range(0, results?.Count ?? 0).Select(i => results![i])
            .Where(entry => labels.ContainsKey(entry.CategoryId))
            .ToLookup(
                entry => entry.ImageId,
                entry => new Detection(
                    FocalSharp.Boxes.Box.FromXywh((float)entry.Box.X, (float)entry.Box.Y, (float)entry.Box.Width, (float)entry.Box.Height),
                    labels[entry.CategoryId],
                    (float)entry.Score,
                    default));
        long[] ids = CocoGroundTruth.UniqueImageIds(dataset);
        return new EvaluatedDataset(
            dataset,
            split,
            [.. dataset.Images.Select((image, i) => results is null
                ? new EvaluatedImage(i, image, Missed: 0, FalsePositives: 0, ScoreDeficit: 0)
                : MissCounter.Count(i, image, found[ids[i]]))],
            results,
            original,
            path);
    }

    /// <summary>Returns the images sorted by missed objects, then by the score deficit of the found ones, then by name.</summary>
    public IEnumerable<EvaluatedImage> OrderByWorst() => Images.OrderByDescending(image => image.Missed)
        .ThenByDescending(image => image.ScoreDeficit).ThenByDescending(image => image.FalsePositives)
        .ThenBy(image => image.Image.FileName, StringComparer.Ordinal);

    /// <summary>Returns the images sorted by false positives.</summary>
    public IEnumerable<EvaluatedImage> OrderByFalsePositives() => Images.OrderByDescending(image => image.FalsePositives)
        .ThenByDescending(image => image.ScoreDeficit).ThenBy(image => image.Image.FileName, StringComparer.Ordinal);
}

/// <summary>An image of the split with the errors of the run on it.</summary>
/// <param name="Index">The index in the split.</param>
/// <param name="Image">The image with its objects.</param>
/// <param name="Missed">The number of objects that were not detected.</param>
/// <param name="FalsePositives">The number of detections without an object.</param>
/// <param name="ScoreDeficit">The sum over the objects of 1 − score of the matched detection; 1 for a missed object.</param>
internal sealed record EvaluatedImage(int Index, DatasetImage Image, int Missed, int FalsePositives, double ScoreDeficit);
