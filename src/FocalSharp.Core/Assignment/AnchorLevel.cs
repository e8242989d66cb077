namespace FocalSharp.Assignment;

/// <summary>The square anchors of one pyramid level, one a location.</summary>
/// <param name="Stride">Pixels between neighbouring locations.</param>
/// <param name="Width">Locations in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Start">Index of the level's first anchor among all levels' anchors.</param>
/// <param name="ValidWidth">Columns, from the left, that belong to the image rather than to the batch's padding.</param>
/// <param name="ValidHeight">Rows, from the top, that belong to the image.</param>
public readonly record struct AnchorLevel(int Stride, int Width, int Height, int Start, int ValidWidth, int ValidHeight)
{
    /// <summary>Number of anchors.</summary>
    public int Count => Width * Height;

    /// <summary>Number of anchors that belong to the image.</summary>
    public int ValidCount => ValidWidth * ValidHeight;
}
