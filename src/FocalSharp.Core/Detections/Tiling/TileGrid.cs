namespace FocalSharp.Detections.Tiling;

/// <summary>Where the tiles of an image lie.</summary>
public static class TileGrid
{
    /// <summary>
    /// The tiles of an image, row by row: all of one size, none beyond the image's border, spread evenly, so that neighbours overlap by at least
    /// what is asked for; after them the whole image, where that is asked for. An image no larger than a tile is one tile.
    /// </summary>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="options">Size and overlap.</param>
    /// <param name="detectorSide">Side that the detector sees without resizing, where the options leave the size open.</param>
    /// <exception cref="FocalSharpException">An option is out of its range, or there would be too many tiles.</exception>
    public static IReadOnlyList<Tile> Create(int width, int height, TileOptions options, int detectorSide = 640)
    {
        options.Validate();
        int size = options.Size == 0 ? detectorSide : options.Size;
        int[] columns = ComputePositions(width, size, options.Overlap);
        int[] rows = ComputePositions(height, size, options.Overlap);
        if ((long)columns.Length * rows.Length > TileOptions.MaxTiles)
        {
            throw new FocalSharpException(
                $"{width}x{height} pixels would take {(long)columns.Length * rows.Length} tiles of {size}, more than {TileOptions.MaxTiles}. Choose larger tiles or less overlap.");
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

        // n tiles reach from end to end with steps of at most size less overlap.
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
