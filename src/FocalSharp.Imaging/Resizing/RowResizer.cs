namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// Resizes an image row by row, from top to bottom: from pixels in memory, or from rows that are added one after another and need not stay in
/// memory.
/// </summary>
/// <param name="source">The size of the image.</param>
/// <param name="target">The size of the result.</param>
internal abstract class RowResizer(ImageSize source, ImageSize target) : IDisposable
{
    private int _nextSource;
    private int _nextTarget;

    /// <summary>Gets the size of the image.</summary>
    protected ImageSize Source { get; } = source;

    /// <summary>Gets the size of the result.</summary>
    protected ImageSize Target { get; } = target;

    /// <summary>Creates the resizer of a mode for rows of three bytes per pixel.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="source">The size of the image.</param>
    /// <param name="target">The size of the result.</param>
    public static RowResizer Create(ResizeMode mode, ImageSize source, ImageSize target) => mode == ResizeMode.StretchBicubic
        ? new BicubicRows(source, target, bytesPerPixel: 3)
        : new BilinearRows(source, target, bytesPerPixel: 3, mode == ResizeMode.Warp);

    /// <summary>Adds the next row of the image, and writes the rows of the result that it completes.</summary>
    /// <param name="row">The row.</param>
    /// <param name="destination">The result.</param>
    /// <param name="stride">Bytes from one row of the result to the next.</param>
    public void Add(ReadOnlySpan<byte> row, Span<byte> destination, int stride)
    {
        int y = _nextSource++;
        if (_nextTarget < Target.Height && y >= GetFirst(_nextTarget))
        {
            Load(y, row);
        }

        for (; _nextTarget < Target.Height && GetLast(_nextTarget) <= y; _nextTarget++)
        {
            Write(_nextTarget, destination.Slice(_nextTarget * stride, Target.Width * 3));
        }
    }

    /// <summary>Resizes pixels in memory; rows that no row of the result needs are not read.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="destination">The result.</param>
    /// <param name="stride">Bytes from one row of the result to the next.</param>
    public void Resize(PixelView pixels, Span<byte> destination, int stride)
    {
        int loaded = -1;
        for (int y = 0; y < Target.Height; y++)
        {
            int last = GetLast(y);
            for (int row = Math.Max(GetFirst(y), loaded + 1); row <= last; row++)
            {
                Load(row, pixels.Row(row));
            }

            loaded = Math.Max(loaded, last);
            Write(y, destination.Slice(y * stride, Target.Width * 3));
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Returns the first row of the image that a row of the result needs; never less than that of the row before.</summary>
    protected abstract int GetFirst(int y);

    /// <summary>Returns the last row of the image that a row of the result needs; never less than that of the row before.</summary>
    protected abstract int GetLast(int y);

    /// <summary>Takes a row of the image.</summary>
    protected abstract void Load(int y, ReadOnlySpan<byte> row);

    /// <summary>Writes a row of the result.</summary>
    protected abstract void Write(int y, Span<byte> output);
}
