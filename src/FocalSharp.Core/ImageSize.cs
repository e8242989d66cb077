namespace FocalSharp;

/// <summary>The size of an image in pixels.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>Gets the number of pixels, width times height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Gets the size of the image rotated by 90 degrees.</summary>
    public ImageSize Transposed => new(Height, Width);

    /// <summary>
    /// Returns the factor that scales the image, preserving its aspect ratio, so that its longer and its shorter side do not exceed two bounds:
    /// <c>min(L / max(w, h), S / min(w, h))</c>, as in mmdetection's Resize with scale (1333, 800).
    /// </summary>
    internal double GetKeepRatioScale(int longSide, int shortSide) =>
        Math.Min((double)longSide / Math.Max(Width, Height), (double)shortSide / Math.Min(Width, Height));

    /// <summary>Returns a size from numbers in a file, or null where they are not a valid size.</summary>
    internal static ImageSize? From(double width, double height) =>
        width is >= 1 and <= int.MaxValue && height is >= 1 and <= int.MaxValue ? new ImageSize((int)width, (int)height) : null;

    /// <summary>Returns the size as <c>640x480</c>.</summary>
    public override string ToString() => $"{Width}x{Height}";
}
