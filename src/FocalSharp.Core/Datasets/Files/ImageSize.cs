namespace FocalSharp.Datasets.Files;

/// <summary>Size of an image in pixels.</summary>
/// <param name="Width">Width, at least 1.</param>
/// <param name="Height">Height, at least 1.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>A size from numbers in a file; null where they are no size.</summary>
    internal static ImageSize? From(double width, double height) =>
        width is >= 1 and <= int.MaxValue && height is >= 1 and <= int.MaxValue ? new ImageSize((int)width, (int)height) : null;

    /// <summary>The size as <c>640x480</c>.</summary>
    public override string ToString() => $"{Width}x{Height}";
}
