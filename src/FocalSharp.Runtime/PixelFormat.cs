namespace FocalSharp.Runtime;

/// <summary>Order of the bytes of a pixel in memory.</summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue.</summary>
    Rgb24,

    /// <summary>Blue, green, red: OpenCV's and Windows bitmaps'.</summary>
    Bgr24,

    /// <summary>Red, green, blue and a byte that is not looked at.</summary>
    Rgba32,

    /// <summary>Blue, green, red and a byte that is not looked at: most cameras' and screens'.</summary>
    Bgra32,

    /// <summary>One grey byte, taken for all three.</summary>
    Gray8,
}
