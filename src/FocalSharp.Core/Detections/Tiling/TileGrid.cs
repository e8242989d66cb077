namespace FocalSharp.Detections.Tiling;

/// <summary>Divides images into tiles.</summary>
internal static class TileGrid
{
    /// <summary>
    /// Returns the tiles of an image, row by row: all of one size, within the image, evenly spaced, so that neighbors overlap by at least the
    /// requested amount; followed by the whole image if requested. An image no larger than a tile is one tile.
    /// </summary>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="options">Tile size and overlap.</param>
    /// <param name="detectorSide">Side length of images that the detector processes without resizing, used if the options do not set the size.</param>
    /// <exception cref="OptionException">An option is out of range, or there would be too many tiles.</exception>
    public static IReadOnlyList<Tile> Create(int width, int height, TileOptions options, int detectorSide = 640)
    {
        options.Validate();
        int size = options.Size == 0 ? detectorSide : options.Size;
        int[] columns = ComputePositions(width, size, options.Overlap);
        int[] rows = ComputePositions(height, size, options.Overlap);
        if ((long)columns.Length * rows.Length > TileOptions.MaxTiles)
        {
            throw new OptionException(
                $"{width}x{height} pixels need {(long)columns.Length * rows.Length} tiles of {size}, more than {TileOptions.MaxTiles}. Choose larger tiles or less overlap.")
            { OptionName = nameof(TileOptions.Size) };
        }

        List<Tile> tiles = new((columns.Length * rows.Length) + 1);
        foreach (int row in rows)
        {
            foreach (int column in columns)
            {
                tiles.Add(new Tile(column, row, Math.Min(size, width), Math.Min(size, height)));
            }
        }

        if (options.WholeImage && tiles.Count > 1)
        {
            tiles.Add(new Tile(0, 0, width, height));
        }

        return tiles;
    }

    private static int[] ComputePositions(int length, int size, double overlap)
    {
        if (length <= size)
        {
            return [0];
        }

        // n tiles cover the whole length with steps of at most size minus overlap.
        int step = Math.Max(1, size - (int)Math.Ceiling(size * overlap));
        int count = 1 + ((length - size + step - 1) / step);
        int[] places = new int[count];
        for (int i = 0; i < count; i++)
        {
            places[i] = (int)((long)i * (length - size) / (count - 1));
        }

        return places;
    }
}
