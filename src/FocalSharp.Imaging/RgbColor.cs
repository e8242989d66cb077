namespace FocalSharp.Imaging;

/// <summary>An opaque color, 0 to 255 per channel.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct RgbColor(byte R, byte G, byte B)
{
    /// <summary>Gets black.</summary>
    public static RgbColor Black => new(0, 0, 0);

    /// <summary>Gets white.</summary>
    public static RgbColor White => new(255, 255, 255);

    /// <summary>
    /// Gets ImageNet's mean color. Normalization maps it to about 0, the value of padding.
    /// </summary>
    public static RgbColor ImageNetMean => new(124, 116, 104);
}
