using FocalSharp.Imaging;

namespace FocalSharp.Reporting.Pictures;

/// <summary>Colours of what is right and wrong; told apart by people who do not see red and green alike, too.</summary>
internal static class AnnotationColors
{
    /// <summary>Right, and found.</summary>
    public static RgbColor Correct { get; } = new(0, 190, 165);

    /// <summary>A wrong detection.</summary>
    public static RgbColor Wrong { get; } = new(255, 122, 20);

    /// <summary>An object that was not found.</summary>
    public static RgbColor Missed { get; } = new(255, 45, 130);

    /// <summary>A label under suspicion.</summary>
    public static RgbColor GroundTruth { get; } = new(40, 120, 255);
}
