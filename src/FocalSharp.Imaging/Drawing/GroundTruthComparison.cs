using FocalSharp.Datasets;
using FocalSharp.Detections;

namespace FocalSharp.Imaging.Drawing;

/// <summary>Ground truth and prediction of one image side by side.</summary>
public static class GroundTruthComparison
{
    /// <summary>Draws the two beside each other: dashed truth at the left, prediction at the right.</summary>
    /// <param name="image">The image.</param>
    /// <param name="truth">Its annotated objects.</param>
    /// <param name="detections">What was found.</param>
    /// <param name="classes">Class names by label.</param>
    /// <param name="options">How to draw; null takes the defaults.</param>
    /// <param name="name">What to call the image in the caption, or null.</param>
    public static RgbImage Draw(
        RgbImage image,
        IReadOnlyList<ObjectAnnotation> truth,
        IReadOnlyList<Detection> detections,
        IReadOnlyList<string> classes,
        DrawingOptions? options = null,
        string? name = null)
    {
        options ??= DrawingOptions.Default;
        int shown = detections.Count(detection => detection.Score >= options.MinScore);
        string prefix = string.IsNullOrEmpty(name) ? "" : $"{name} · ";
        return ContactSheet.Compose(
            [
                (DetectionRenderer.DrawGroundTruth(image, truth, classes, options), $"{prefix}ground truth · {truth.Count}"),
                (DetectionRenderer.Draw(image, detections, classes, options), $"prediction · {shown}"),
            ],
            columns: 2);
    }
}
