namespace FocalSharp.Runtime;

/// <summary>Specifies the order of a pixel's bytes in memory.</summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue.</summary>
    Rgb24,

    /// <summary>Blue, green, red, as in OpenCV and Windows bitmaps.</summary>
    Bgr24,

    /// <summary>Red, green, blue and a byte that is ignored.</summary>
    Rgba32,

    /// <summary>Blue, green, red and a byte that is ignored, as in most cameras and screens.</summary>
    Bgra32,

    /// <summary>One gray byte, used for all three channels.</summary>
    Gray8,
}
