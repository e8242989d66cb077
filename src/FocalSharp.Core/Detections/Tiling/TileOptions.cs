namespace FocalSharp.Detections.Tiling;

/// <summary>
/// Options for processing a large image in overlapping tiles at full resolution. All defaults are choices of this
/// project.
/// </summary>
public sealed record TileOptions
{
    /// <summary>Maximum number of tiles per image.</summary>
    public const int MaxTiles = 10_000;

    /// <summary>Smallest side length of a tile in pixels.</summary>
    internal const int MinSize = 32;

    /// <summary>Largest side length of a tile in pixels.</summary>
    internal const int MaxSize = 16384;

    /// <summary>
    /// Gets the side length of a tile in pixels of the image, at least 32; 0 (default) for the side length that the detector processes without resizing.
    /// </summary>
    public int Size { get; init; }

    /// <summary>
    /// Gets the minimum overlap of neighboring tiles as a fraction of a tile, 0 to 0.75. Default 0.2: objects up to a fifth of a tile are whole in at least one.
    /// </summary>
    public double Overlap { get; init; } = 0.2;

    /// <summary>
    /// Gets whether the whole resized image is processed too, for objects larger than the overlap. Default true.
    /// </summary>
    public bool WholeImage { get; init; } = true;

    /// <summary>Gets the maximum number of detections of the whole image; 0 (default) for no limit other than that of each tile.</summary>
    public int MaxDetections { get; init; }

    /// <summary>Validates the options.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public void Validate()
    {
        if (Size is not 0 and (< MinSize or > MaxSize))
        {
            throw new OptionException($"Tile size {Size}: the side of a tile is {MinSize} to {MaxSize} pixels, or 0 for the detector's input size.") { OptionName = nameof(Size) };
        }

        if (Overlap is not (>= 0 and <= 0.75))
        {
            throw new OptionException($"Tile overlap {Overlap}: neighboring tiles overlap by a fraction between 0 and 0.75.") { OptionName = nameof(Overlap) };
        }

        if (MaxDetections < 0)
        {
            throw new OptionException($"Maximum detections {MaxDetections} of a tiled image: use 1 or more, or 0 for no limit.") { OptionName = nameof(MaxDetections) };
        }
    }
}
