using Microsoft.ML.Data;

namespace FocalSharp.MLNet;

/// <summary>
/// The columns that <see cref="ObjectDetectionCatalog.DetectObjects"/> adds, as the result of a prediction engine or of
/// <c>CreateEnumerable</c>. Detection i, highest score first, has the elements 4i … 4i + 3 of <see cref="Boxes"/> and
/// <see cref="Deviations"/>.
/// </summary>
public sealed class DetectedObjects
{
    /// <summary>Gets or sets the boxes: x1, y1, x2, y2 of each, in pixels of the image.</summary>
    public float[] Boxes { get; set; } = [];

    /// <summary>Gets or sets the scores, 0 to 1.</summary>
    public float[] Scores { get; set; } = [];

    /// <summary>Gets or sets the class names.</summary>
    public string[] Labels { get; set; } = [];

    /// <summary>Gets or sets the standard deviations of the left, top, right and bottom edge of each box, in pixels of the image.</summary>
    public float[] Deviations { get; set; } = [];

    /// <summary>Gets the number of detections.</summary>
    [NoColumn]
    public int Count => Scores.Length;
}
