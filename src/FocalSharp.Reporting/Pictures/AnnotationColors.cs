using FocalSharp.Imaging;

namespace FocalSharp.Reporting.Pictures;

/// <summary>The colors of boxes, which can be distinguished with color vision deficiencies.</summary>
internal static class AnnotationColors
{
    /// <summary>Gets the color of true positives.</summary>
    public static RgbColor Correct { get; } = new(0, 190, 165);

    /// <summary>Gets the color of false positives.</summary>
    public static RgbColor Wrong { get; } = new(255, 122, 20);

    /// <summary>Gets the color of missed objects.</summary>
    public static RgbColor Missed { get; } = new(255, 45, 130);

    /// <summary>Gets the color of labels with an issue.</summary>
    public static RgbColor GroundTruth { get; } = new(40, 120, 255);
}
