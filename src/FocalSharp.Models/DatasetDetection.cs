using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.Models;

/// <summary>Runs a detector on the images of a data set, for evaluation.</summary>
internal static class DatasetDetection
{
    /// <summary>Detects objects in images.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">Thresholds, limits and tiles. Without a score threshold, the model's own is used: AP needs low scores too.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The detections of each image, with the detector's labels, in the order of <paramref name="images"/>.</returns>
    /// <exception cref="ImageException">An image is missing or unreadable.</exception>
    public static Detection[][] DetectAll(
        this IDetector detector,
        IReadOnlyList<DatasetImage> images,
        DetectOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options = (options ?? new DetectOptions()) with { ScoreThreshold = options?.ScoreThreshold ?? detector.Model.Postprocess.ScoreThreshold };
        ImageSource[] sources = [.. images.Select(image => ImageSource.FromFile(image.Path))];
        return Array.ConvertAll(detector.Detect(sources, options, progress, cancellationToken), found => found.AsSpan().ToArray());
    }
}
