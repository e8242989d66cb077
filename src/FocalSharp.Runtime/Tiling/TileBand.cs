using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;

namespace FocalSharp.Runtime.Tiling;

/// <summary>Returns the tiles of an image that is read by rows, with the rows of one row of tiles in memory.</summary>
internal sealed class TileBand : IDisposable
{
    private readonly RowReader _rows;
    private readonly Action<ReadOnlySpan<byte>>? _rowRead;
    private readonly DecodeBuffer _band;
    private readonly int _rowBytes;
    private int _top;

    /// <summary>Prepares reading.</summary>
    /// <param name="rows">The image, at its start; it is not disposed.</param>
    /// <param name="height">The height of the highest tile in pixels, at least 1.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <param name="rowRead">Receives each row of the image once, as RGB; null if nothing needs them.</param>
    /// <exception cref="ImageException">A row of tiles is too large for memory.</exception>
    public TileBand(RowReader rows, int height, string name, Action<ReadOnlySpan<byte>>? rowRead = null)
    {
        (_rows, _rowRead, _rowBytes) = (rows, rowRead, checked(rows.Size.Width * 3));
        if ((long)_rowBytes * height > Array.MaxLength)
        {
            throw new ImageException($"{name}: {rows.Size} in tiles of {height} rows need {(long)_rowBytes * height >> 20} MiB per row of tiles. Choose smaller tiles.");
        }

        _band = new DecodeBuffer(_rowBytes * height);
    }

    /// <summary>Returns the pixels of a tile, valid until the next call. Tiles are asked for from top to bottom.</summary>
    /// <exception cref="ImageException">The image is damaged or truncated.</exception>
    public PixelView Read(Tile tile)
    {
        if (tile.Y > _top)
        {
            // The rows that this row of tiles shares with the one above move up.
            int shared = Math.Max(_rows.Position - tile.Y, 0);
            _band.Span.Slice((tile.Y - _top) * _rowBytes, shared * _rowBytes).CopyTo(_band.Span);
            _top = tile.Y;
        }

        while (_rows.Position < tile.Bottom)
        {
            ReadRow(_band.Span.Slice((_rows.Position - _top) * _rowBytes, _rowBytes));
        }

        return new PixelView(_band.Span, _rows.Size.Width, tile.Height).Crop(tile.X, 0, tile.Width, tile.Height);
    }

    /// <summary>Reads the rest of the image, for what receives the rows; tiles cannot be read any more.</summary>
    /// <exception cref="ImageException">The image is damaged or truncated.</exception>
    public void ReadToEnd()
    {
        while (_rows.Position < _rows.Size.Height)
        {
            ReadRow(_band.Span[.._rowBytes]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _band.Dispose();

    private void ReadRow(Span<byte> row)
    {
        _rows.ReadRow(row);
        _rowRead?.Invoke(row);
    }
}
