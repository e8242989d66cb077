namespace FocalSharp.Detections.Tiling;

/// <summary>
/// How a large image is cut into overlapping tiles that a detector sees one by one at their full resolution. Every default is this
/// project's choice.
/// </summary>
public sealed record TileOptions
{
    /// <summary>Most tiles of one image.</summary>
    public const int MaxTiles = 10_000;

    /// <summary>
    /// Side of a tile in pixels of the image, at least 32; 0 (default) for the side that the detector sees without resizing.
    /// </summary>
    public int Size { get; init; }

    /// <summary>
    /// Least overlap of neighbours as a part of a tile, 0 to 0.75. Default 0.2: objects up to a fifth of a tile are whole in at least one.
    /// </summary>
    public double Overlap { get; init; } = 0.2;

    /// <summary>
    /// Whether the whole image, shrunk as without tiles, is looked at as well, for objects larger than the overlap. Default true.
    /// </summary>
    public bool WholeImage { get; init; } = true;

    /// <summary>Most detections of the whole image; 0 (default) for no limit but that of each tile.</summary>
    public int MaxDetections { get; init; }

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    public void Validate()
    {
        if (Size is not 0 and (< 32 or > 16384))
        {
            throw new FocalSharpException($"tiles of {Size} pixels: a tile's side is 32 to 16384 pixels, or 0 for the detector's own.");
        }

        if (Overlap is not (>= 0 and <= 0.75))
        {
            throw new FocalSharpException($"tile overlap {Overlap}: neighbours overlap by 0 to 0.75 of a tile.");
        }

        if (MaxDetections < 0)
        {
            throw new FocalSharpException($"{MaxDetections} detections of a tiled image: ask for 1 or more, or 0 for no limit.");
        }
    }
}
