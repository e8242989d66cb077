namespace FocalSharp.Imaging.Codecs;

/// <summary>Width and height of an image in pixels.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>Width times height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>The size of the image turned by a quarter.</summary>
    public ImageSize Transposed => new(Height, Width);

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
