using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.Models.Calibration;

/// <summary>Labeled images and what a model detects in them before calibration, both with the labels of the model.</summary>
/// <param name="Images">The images; objects of classes that the model does not have are left out.</param>
/// <param name="Detections">The detections of each image; those of classes that the data set does not have are left out, since they cannot be evaluated.</param>
/// <param name="UnmatchedClasses">The classes of the data set that the model does not have.</param>
internal sealed record ObservedImages(IReadOnlyList<DatasetImage> Images, Detection[][] Detections, IReadOnlyList<string> UnmatchedClasses)
{
    /// <summary>Runs a model on a data set.</summary>
    /// <param name="detector">The model.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">Limits and tiles; null for the model's. The score threshold is the model's own, since calibration needs low scores too.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="DatasetException">The data set and the model have no class in common.</exception>
    public static ObservedImages Create(
        IDetector detector, DetectionDataset dataset, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ClassMapping mapping = new(detector.Classes, dataset.Classes);
        double own = detector.Model.Postprocess.ScoreThreshold;
        options = (options ?? new DetectOptions()) with
        {
            ScoreThreshold = detector.Model.Calibration?.InvertScore(own) ?? own,
            UseCalibration = false,
        };
        Detection[][] detections = detector.DetectAll(dataset.Images, options, progress, cancellationToken);
        return Create(detector.Classes, dataset, detections, mapping.UnmatchedClasses);
    }

    /// <summary>Relabels a data set for a model.</summary>
    internal static ObservedImages Create(
        IReadOnlyList<string> classes, DetectionDataset dataset, IReadOnlyList<Detection[]> detections, IReadOnlyList<string> unmatched)
    {
        int[] labels = [.. dataset.Classes.Select(name => classes.ToList().FindIndex(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase)))];
        HashSet<int> known = [.. labels];
        DatasetImage[] images =
        [
            .. dataset.Images.Select(image => image with
            {
                Objects = [.. image.Objects.Where(item => labels[item.Label] >= 0).Select(item => item with { Label = labels[item.Label] })],
            }),
        ];
        return new ObservedImages(images, [.. detections.Select(found => found.Where(detection => known.Contains(detection.Label)).ToArray())], unmatched);
    }
}
