using System.Buffers;

namespace FocalSharp.Imaging.Resizing;

/// <summary>Shrinks an image by <see cref="AreaResizer"/>'s averages while its rows are added one after another.</summary>
internal sealed class AreaRows : IDisposable
{
    private readonly ImageSize _source;
    private readonly ImageSize _target;
    private readonly double _scaleX;
    private readonly double _scaleY;
    private readonly float _norm;
    private readonly float[] _sums;
    private int _nextSource;
    private int _nextTarget;

    /// <summary>Prepares an average.</summary>
    /// <param name="source">The size of the image.</param>
    /// <param name="target">The size of the result, no larger on either side.</param>
    public AreaRows(ImageSize source, ImageSize target)
    {
        (_source, _target) = (source, target);
        _scaleX = (double)source.Width / target.Width;
        _scaleY = (double)source.Height / target.Height;
        _norm = (float)(1 / (_scaleX * _scaleY));
        _sums = ArrayPool<float>.Shared.Rent(RowLength);
        _sums.AsSpan(0, RowLength).Clear();
    }

    private int RowLength => _source.Width * 3;

    /// <summary>Adds the next row of the image, and writes the rows of the result that it completes.</summary>
    /// <param name="row">The row, three bytes per pixel.</param>
    /// <param name="destination">The result, three bytes per pixel.</param>
    /// <param name="stride">Bytes from one row of the result to the next.</param>
    public void Add(ReadOnlySpan<byte> row, Span<byte> destination, int stride)
    {
        int y = _nextSource++;
        Span<float> sums = _sums.AsSpan(0, RowLength);
        while (_nextTarget < _target.Height)
        {
            double from = _nextTarget * _scaleY;
            double to = (_nextTarget + 1) * _scaleY;
            if (y < (int)from)
            {
                return;
            }

            AddRow(row, (float)(Math.Min(to, y + 1) - Math.Max(from, y)), sums);
            if (y + 1 < Math.Min((int)Math.Ceiling(to), _source.Height))
            {
                return;
            }

            AreaResizer.SumColumns(sums, _scaleX, _norm, destination.Slice(_nextTarget * stride, _target.Width * 3));
            sums.Clear();
            _nextTarget++;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<float>.Shared.Return(_sums);

    private static void AddRow(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += weight * row[i];
        }
    }
}
