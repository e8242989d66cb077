using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime.Tiling;

/// <summary>
/// Prepares the tiles of an image that is read by rows: in memory are the rows of one row of tiles, and the whole image resized to the network's
/// input.
/// </summary>
internal sealed class TileReader : IDisposable
{
    private readonly RowReader _rows;
    private readonly ResizeRule _rule;
    private readonly RowResizer? _resizer;
    private readonly PreparedImage? _whole;
    private readonly DecodeBuffer _band;
    private readonly int _rowBytes;
    private int _top;

    /// <summary>Prepares reading.</summary>
    /// <param name="rows">The image, at its start; it is not disposed.</param>
    /// <param name="tiles">The tiles from top to bottom; the whole image may be the last. None means the whole image.</param>
    /// <param name="rule">The network's resize rule.</param>
    /// <param name="name">The image's name in error messages.</param>
    public TileReader(RowReader rows, IReadOnlyList<Tile> tiles, ResizeRule rule, string name)
    {
        (_rows, _rule, _rowBytes) = (rows, rule, checked(rows.Size.Width * 3));
        int height = tiles.Where(tile => !IsWhole(tile)).Select(tile => tile.Height).DefaultIfEmpty(1).Max();
        if ((long)_rowBytes * height > Array.MaxLength)
        {
            throw new ImageException($"{name}: {rows.Size} in tiles of {height} rows need {(long)_rowBytes * height >> 20} MiB per row of tiles. Choose smaller tiles.");
        }

        _band = new DecodeBuffer(_rowBytes * height);
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
            while (_rows.Position < _rows.Size.Height)
            {
                Read(_band.Span[.._rowBytes]);
            }

            return _whole.Clone();
        }

        if (tile.Y > _top)
        {
            // The rows that this row of tiles shares with the one above move up.
            int shared = Math.Max(_rows.Position - tile.Y, 0);
            _band.Span.Slice((tile.Y - _top) * _rowBytes, shared * _rowBytes).CopyTo(_band.Span);
            _top = tile.Y;
        }

        while (_rows.Position < tile.Bottom)
        {
            Read(_band.Span.Slice((_rows.Position - _top) * _rowBytes, _rowBytes));
        }

        return PreparedImage.Create(new PixelView(_band.Span, _rows.Size.Width, tile.Height).Crop(tile.X, 0, tile.Width, tile.Height), _rule);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _resizer?.Dispose();
        _whole?.Dispose();
        _band.Dispose();
    }

    private bool IsWhole(Tile tile) => tile.Width == _rows.Size.Width && tile.Height == _rows.Size.Height;

    private void Read(Span<byte> row)
    {
        _rows.ReadRow(row);
        _resizer?.Add(row, _whole!.Pixels, _whole.InputSize.Width * 3);
    }
}
