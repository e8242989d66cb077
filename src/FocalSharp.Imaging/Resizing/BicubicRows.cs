using System.Buffers;

namespace FocalSharp.Imaging.Resizing;

/// <summary>The rows of <see cref="BicubicResizer"/>: the last four after the horizontal pass are retained.</summary>
internal sealed class BicubicRows : RowResizer
{
    private const int Taps = BicubicResizer.Taps;

    private readonly int[] _columns;
    private readonly int[] _rows;

    /// <summary>Computes positions and weights.</summary>
    /// <param name="source">The size of the image.</param>
    /// <param name="target">The size of the result.</param>
    /// <param name="bytesPerPixel">Bytes per pixel of the image, 3 or 4.</param>
    public BicubicRows(ImageSize source, ImageSize target, int bytesPerPixel)
        : base(source, target)
    {
        int width = target.Width;
        _columns = ArrayPool<int>.Shared.Rent(2 * Taps * width);
        _rows = ArrayPool<int>.Shared.Rent(Taps * RowLength);
        for (int x = 0; x < width; x++)
        {
            int left = BicubicResizer.Fill(source.Width, width, x, _columns.AsSpan((Taps * width) + (Taps * x), Taps));
            for (int tap = 0; tap < Taps; tap++)
            {
                _columns[(Taps * x) + tap] = Math.Clamp(left + tap, 0, source.Width - 1) * bytesPerPixel;
            }
        }
    }

    private int RowLength => (Target.Width * 3) + 1; // a store writes one word past the end

    public override void Dispose()
    {
        ArrayPool<int>.Shared.Return(_columns);
        ArrayPool<int>.Shared.Return(_rows);
    }

    protected override int GetFirst(int y) => Clamp(GetTop(y, stackalloc int[Taps]));

    protected override int GetLast(int y) => Clamp(GetTop(y, stackalloc int[Taps]) + Taps - 1);

    // A row's place follows from its index, so that rows that adjacent rows of the result share stay in place.
    protected override void Load(int y, ReadOnlySpan<byte> row) => BicubicResizer.Horizontal(
        row, _columns.AsSpan(0, 2 * Taps * Target.Width), Target.Width, _rows.AsSpan(y % Taps * RowLength, RowLength));

    protected override void Write(int y, Span<byte> output)
    {
        Span<int> weights = stackalloc int[Taps];
        Span<int> places = stackalloc int[Taps];
        int top = GetTop(y, weights);
        for (int tap = 0; tap < Taps; tap++)
        {
            places[tap] = Clamp(top + tap) % Taps;
        }

        BicubicResizer.Vertical(_rows.AsSpan(0, Taps * RowLength), RowLength, places, weights, output);
    }

    private int GetTop(int y, Span<int> weights) => BicubicResizer.Fill(Source.Height, Target.Height, y, weights);

    private int Clamp(int row) => Math.Clamp(row, 0, Source.Height - 1);
}
