namespace FocalSharp.Detections.Tiling;

/// <summary>A rectangular part of an image, in pixels of the image.</summary>
/// <param name="X">Left column.</param>
/// <param name="Y">Top row.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
internal readonly record struct Tile(int X, int Y, int Width, int Height)
{
    /// <summary>Gets the column after the last.</summary>
    public int Right => X + Width;

    /// <summary>Gets the row after the last.</summary>
    public int Bottom => Y + Height;
}
