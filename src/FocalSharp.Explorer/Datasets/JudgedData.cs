using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation;

namespace FocalSharp.Explorer.Datasets;

/// <summary>The part of a data set that a run was judged by, with what the run's own detections were worth on each image.</summary>
internal sealed class JudgedData
{
    private JudgedData(DetectionDataset dataset, string split, IReadOnlyList<JudgedImage> images, bool isJudged) =>
        (Dataset, Split, Images, IsJudged) = (dataset, split, images, isJudged);

    /// <summary>The judged images with their classes.</summary>
    public DetectionDataset Dataset { get; }

    /// <summary>Name of the part.</summary>
    public string Split { get; }

    /// <summary>The images in the data's order.</summary>
    public IReadOnlyList<JudgedImage> Images { get; }

    /// <summary>Whether the run left detections, so that misses are known.</summary>
    public bool IsJudged { get; }

    /// <summary>Puts detections to images.</summary>
    /// <param name="dataset">The judged images.</param>
    /// <param name="split">Name of the part.</param>
    /// <param name="results">The run's detections, or null where it left none.</param>
    public static JudgedData Of(DetectionDataset dataset, string split, CocoResults? results)
    {
        Dictionary<int, int> labels = dataset.CategoryIds.Select((category, label) => (category, label)).ToDictionary();
        ILookup<long, Detection> found = Enumerable.Range(0, results?.Count ?? 0).Select(i => results![i])
            .Where(entry => labels.ContainsKey(entry.CategoryId))
            .ToLookup(
                entry => entry.ImageId,
                entry => new Detection(
                    Geometry.Box.FromXywh((float)entry.Box.X, (float)entry.Box.Y, (float)entry.Box.Width, (float)entry.Box.Height),
                    labels[entry.CategoryId],
                    (float)entry.Score,
                    default));
        return new JudgedData(
            dataset,
            split,
            [.. dataset.Images.Select((image, i) => results is null
                ? new JudgedImage(i, image, Missed: 0, Extra: 0, Doubt: 0)
                : Misses.Count(i, image, found[image.Id]))],
            results is not null);
    }

    /// <summary>The images with the most missed objects first, then those found with the least certainty; by name where nothing is known.</summary>
    public IEnumerable<JudgedImage> WorstFirst() => Images.OrderByDescending(image => image.Missed)
        .ThenByDescending(image => image.Doubt).ThenByDescending(image => image.Extra)
        .ThenBy(image => image.Image.FileName, StringComparer.Ordinal);

    /// <summary>The images with the most made-up objects first.</summary>
    public IEnumerable<JudgedImage> MostExtraFirst() => Images.OrderByDescending(image => image.Extra)
        .ThenByDescending(image => image.Doubt).ThenBy(image => image.Image.FileName, StringComparer.Ordinal);
}
