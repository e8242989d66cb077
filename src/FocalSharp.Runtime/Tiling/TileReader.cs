using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime.Tiling;

/// <summary>
/// Prepares the tiles of an image that is read by rows: in memory are the rows of one row of tiles, and the whole image resized to the network's
/// input.
/// </summary>
internal sealed class TileReader : IDisposable
{
    private readonly ImageSize _size;
    private readonly ResizeRule _rule;
    private readonly RowResizer? _resizer;
    private readonly PreparedImage? _whole;
    private readonly TileBand _band;

    /// <summary>Prepares reading.</summary>
    /// <param name="rows">The image, at its start; it is not disposed.</param>
    /// <param name="tiles">The tiles from top to bottom; the whole image may be the last. None means the whole image.</param>
    /// <param name="rule">The network's resize rule.</param>
    /// <param name="name">The image's name in error messages.</param>
    public TileReader(RowReader rows, IReadOnlyList<Tile> tiles, ResizeRule rule, string name)
    {
        (_size, _rule) = (rows.Size, rule);
        int height = tiles.Where(tile => !IsWhole(tile)).Select(tile => tile.Height).DefaultIfEmpty(1).Max();
        _band = new TileBand(rows, height, name, row => _resizer?.Add(row, _whole!.Pixels, _whole.InputSize.Width * 3));
        if (tiles.Count == 0 || tiles.Any(IsWhole))
        {
            _whole = PreparedImage.CreateEmpty(rows.Size, rule);
            _resizer = RowResizer.Create(rule.Mode, rows.Size, rule.GetSize(rows.Size.Width, rows.Size.Height));
        }
    }

    /// <summary>Prepares the whole image.</summary>
    /// <param name="rows">The image, at its start.</param>
    /// <param name="rule">The network's resize rule.</param>
    /// <param name="name">The image's name in error messages.</param>
    public static PreparedImage PrepareWhole(RowReader rows, ResizeRule rule, string name)
    {
        using TileReader reader = new(rows, [], rule, name);
        return reader.Prepare(new Tile(0, 0, rows.Size.Width, rows.Size.Height));
    }

    /// <summary>Resizes a tile to the network's input. Tiles are asked for in their order. The caller disposes the result.</summary>
    /// <exception cref="ImageException">The image is damaged or truncated.</exception>
    public PreparedImage Prepare(Tile tile)
    {
        if (IsWhole(tile) && _whole is not null)
        {
            _band.ReadToEnd();
            return _whole.Clone();
        }

        return PreparedImage.Create(_band.Read(tile), _rule);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _resizer?.Dispose();
        _whole?.Dispose();
        _band.Dispose();
    }

    private bool IsWhole(Tile tile) => tile.Width == _size.Width && tile.Height == _size.Height;
}
