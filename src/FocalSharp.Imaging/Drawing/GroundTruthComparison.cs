using FocalSharp.Datasets;
using FocalSharp.Detections;

namespace FocalSharp.Imaging.Drawing;

/// <summary>Draws ground truth and detections of one image side by side.</summary>
internal static class GroundTruthComparison
{
    /// <summary>Draws dashed ground truth on the left and detections on the right.</summary>
    /// <param name="image">The image.</param>
    /// <param name="truth">The annotated objects.</param>
    /// <param name="detections">The detections.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    /// <param name="name">The image's name in the caption, or null.</param>
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
