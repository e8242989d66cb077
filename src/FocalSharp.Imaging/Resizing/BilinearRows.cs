using System.Buffers;

namespace FocalSharp.Imaging.Resizing;

/// <summary>The rows of <see cref="BilinearResizer"/>: the last two after the horizontal pass are retained.</summary>
internal sealed class BilinearRows : RowResizer
{
    /// <summary>Columns of a block of OpenCV's warps.</summary>
    private const int WarpBlock = 64;

    private readonly int _bytesPerPixel;
    private readonly bool _warp;
    private readonly int[] _taps;
    private readonly short[] _rows;

    /// <summary>Computes positions and weights.</summary>
    /// <param name="source">The size of the image.</param>
    /// <param name="target">The size of the result.</param>
    /// <param name="bytesPerPixel">Bytes per pixel of the image, 3 or 4.</param>
    /// <param name="warp">Whether to sample as <see cref="ResizeMode.Warp"/> does.</param>
    public BilinearRows(ImageSize source, ImageSize target, int bytesPerPixel, bool warp)
        : base(source, target)
    {
        (_bytesPerPixel, _warp) = (bytesPerPixel, warp);
        (int width, int height) = (target.Width, target.Height);
        _taps = ArrayPool<int>.Shared.Rent(3 * (width + height));
        _rows = ArrayPool<short>.Shared.Rent(2 * RowLength);
        Span<int> columns = _taps.AsSpan(0, 3 * width);
        Span<int> lines = _taps.AsSpan(3 * width, 3 * height);
        if (warp)
        {
            double scaleX = (double)width / source.Width;
            double scaleY = (double)height / source.Height;
            BilinearTaps.FillWarp(source.Width, scaleY, WarpBlock, unit: 16, columns[..width], columns[width..(2 * width)], columns[(2 * width)..]);
            BilinearTaps.FillWarp(source.Height, scaleX, block: 1, unit: 1, lines[..height], lines[height..(2 * height)], lines[(2 * height)..]);
        }
        else
        {
            BilinearTaps.Fill(source.Width, columns[..width], columns[width..(2 * width)], columns[(2 * width)..], clamp: true);
            BilinearTaps.Fill(source.Height, lines[..height], lines[height..(2 * height)], lines[(2 * height)..], clamp: false);
        }
    }

    private int RowLength => (Target.Width * 3) + BilinearResizer.RowSlack;

    private ReadOnlySpan<int> Lines => _taps.AsSpan(3 * Target.Width, 3 * Target.Height);

    public override void Dispose()
    {
        ArrayPool<int>.Shared.Return(_taps);
        ArrayPool<short>.Shared.Return(_rows);
    }

    protected override int GetFirst(int y) => Math.Clamp(Lines[y], 0, Source.Height - 1);

    protected override int GetLast(int y) => Math.Clamp(Lines[y] + 1, 0, Source.Height - 1);

    protected override void Load(int y, ReadOnlySpan<byte> row) =>
        BilinearResizer.Horizontal(row, _bytesPerPixel, _taps.AsSpan(0, 3 * Target.Width), Target.Width, GetRow(y));

    protected override void Write(int y, Span<byte> output)
    {
        (int first, int second) = (Lines[Target.Height + y], Lines[(2 * Target.Height) + y]);
        if (_warp)
        {
            BilinearResizer.VerticalExact(GetRow(GetFirst(y)), GetRow(GetLast(y)), first, second, output);
        }
        else
        {
            BilinearResizer.Vertical(GetRow(GetFirst(y)), GetRow(GetLast(y)), first, second, output);
        }
    }

    // A row's place follows from its index, so that rows that adjacent rows of the result share stay in place.
    private Span<short> GetRow(int y) => _rows.AsSpan((y & 1) * RowLength, RowLength);
}
