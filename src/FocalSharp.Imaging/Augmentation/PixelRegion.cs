using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>A rectangle of whole pixels.</summary>
/// <param name="X">Its first column.</param>
/// <param name="Y">Its first row.</param>
/// <param name="Width">Number of columns.</param>
/// <param name="Height">Number of rows.</param>
internal readonly record struct PixelRegion(int X, int Y, int Width, int Height)
{
    /// <summary>The whole of an image.</summary>
    public static PixelRegion FromImage(RgbImage image) => new(0, 0, image.Width, image.Height);

    /// <summary>The region as a box.</summary>
    public Box Box => new(X, Y, X + Width, Y + Height);

    /// <summary>The part of a box that lies inside.</summary>
    public Box Clip(Box box) => new(
        Math.Clamp(box.X1, X, X + Width), Math.Clamp(box.Y1, Y, Y + Height),
        Math.Clamp(box.X2, X, X + Width), Math.Clamp(box.Y2, Y, Y + Height));
}
