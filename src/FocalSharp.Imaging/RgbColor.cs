namespace FocalSharp.Imaging;

/// <summary>An opaque colour, 0 to 255 a channel.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct RgbColor(byte R, byte G, byte B)
{
    /// <summary>Black.</summary>
    public static RgbColor Black => new(0, 0, 0);

    /// <summary>White.</summary>
    public static RgbColor White => new(255, 255, 255);

    /// <summary>
    /// ImageNet's mean colour. The detectors' normalisation maps it to about 0, which is what they see as padding.
    /// </summary>
    public static RgbColor ImageNetMean => new(124, 116, 104);
}
