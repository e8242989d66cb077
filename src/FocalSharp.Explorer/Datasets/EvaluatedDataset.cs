using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Explorer.Datasets;

/// <summary>The part of a data set that a run was judged by, with what the run's own detections were worth on each image.</summary>
internal sealed class EvaluatedDataset
{
    private EvaluatedDataset(DetectionDataset dataset, string split, IReadOnlyList<EvaluatedImage> images, bool hasDetections) =>
        (Dataset, Split, Images, HasDetections) = (dataset, split, images, hasDetections);

    /// <summary>The judged images with their classes.</summary>
    public DetectionDataset Dataset { get; }

    /// <summary>Name of the part.</summary>
    public string Split { get; }

    /// <summary>The images in the data's order.</summary>
    public IReadOnlyList<EvaluatedImage> Images { get; }

    /// <summary>Whether the run left detections, so that misses are known.</summary>
    public bool HasDetections { get; }

    /// <summary>Puts detections to images.</summary>
    /// <param name="dataset">The judged images.</param>
    /// <param name="split">Name of the part.</param>
    /// <param name="results">The run's detections, or null where it left none.</param>
    public static EvaluatedDataset Create(DetectionDataset dataset, string split, CocoResults? results)
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
        return new EvaluatedDataset(
            dataset,
            split,
            [.. dataset.Images.Select((image, i) => results is null
                ? new EvaluatedImage(i, image, Missed: 0, FalsePositives: 0, ScoreDeficit: 0)
                : MissCounter.Count(i, image, found[image.Id]))],
            results is not null);
    }

    /// <summary>The images with the most missed objects first, then those found with the least certainty; by name where nothing is known.</summary>
    public IEnumerable<EvaluatedImage> OrderByWorst() => Images.OrderByDescending(image => image.Missed)
        .ThenByDescending(image => image.ScoreDeficit).ThenByDescending(image => image.FalsePositives)
        .ThenBy(image => image.Image.FileName, StringComparer.Ordinal);

    /// <summary>The images with the most made-up objects first.</summary>
    public IEnumerable<EvaluatedImage> OrderByFalsePositives() => Images.OrderByDescending(image => image.FalsePositives)
        .ThenByDescending(image => image.ScoreDeficit).ThenBy(image => image.Image.FileName, StringComparer.Ordinal);
}
