namespace FocalSharp.Assignment;

/// <summary>The square anchors of one pyramid level, one per location.</summary>
/// <param name="Stride">Pixels between neighboring locations.</param>
/// <param name="Width">Number of locations in a row.</param>
/// <param name="Height">Number of rows.</param>
/// <param name="Start">Index of the level's first anchor among the anchors of all levels.</param>
/// <param name="ValidWidth">Number of columns, from the left, that belong to the image and not to the padding of the batch.</param>
/// <param name="ValidHeight">Number of rows, from the top, that belong to the image.</param>
public readonly record struct AnchorLevel(int Stride, int Width, int Height, int Start, int ValidWidth, int ValidHeight)
{
    /// <summary>Gets the number of anchors.</summary>
    public int Count => Width * Height;

    /// <summary>Gets the number of anchors that belong to the image.</summary>
    public int ValidCount => ValidWidth * ValidHeight;
}
