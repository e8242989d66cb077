using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// Bilinear resizing, bit-equal to OpenCV's <c>INTER_LINEAR</c> on 8-bit images: half-pixel centres, 11-bit weights, one
/// truncation after the horizontal and two in the vertical pass. No smoothing when shrinking, as there;
/// <see cref="AreaResizer"/> smooths.
/// </summary>
public static class BilinearResizer
{
    /// <summary>Resizes an image.</summary>
    /// <param name="source">The image.</param>
    /// <param name="width">Width of the result, at least 1.</param>
    /// <param name="height">Height of the result, at least 1.</param>
    public static RgbImage Resize(RgbImage source, int width, int height)
    {
        RgbImage result = new(width, height);
        Resize(source, result, width, height);
        return result;
    }

    /// <summary>Resizes an image into the top-left corner of another; the rest of that is left as it is.</summary>
    /// <param name="source">The image.</param>
    /// <param name="destination">The canvas, at least as large as the result.</param>
    /// <param name="width">Width of the result, at least 1.</param>
    /// <param name="height">Height of the result, at least 1.</param>
    public static void Resize(RgbImage source, RgbImage destination, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, destination.Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, destination.Height);
        if (source.Width == width && source.Height == height)
        {
            Copy(source, destination);
            return;
        }

        int rowLength = width * 3;
        int[] taps = ArrayPool<int>.Shared.Rent(3 * (width + height));
        short[] rows = ArrayPool<short>.Shared.Rent(2 * (rowLength + 1));
        try
        {
            Span<int> columns = taps.AsSpan(0, 3 * width);
            Span<int> lines = taps.AsSpan(3 * width, 3 * height);
            BilinearTaps.Fill(source.Width, columns[..width], columns[width..(2 * width)], columns[(2 * width)..], clamp: true);
            BilinearTaps.Fill(source.Height, lines[..height], lines[height..(2 * height)], lines[(2 * height)..], clamp: false);

            // Two rows after the horizontal pass; neighbouring target rows mostly share them.
            Span<short> upper = rows.AsSpan(0, rowLength + 1);
            Span<short> lower = rows.AsSpan(rowLength + 1, rowLength + 1);
            (int upperIs, int lowerIs) = (-1, -1);
            for (int y = 0; y < height; y++)
            {
                int from = Math.Clamp(lines[y], 0, source.Height - 1);
                int to = Math.Clamp(lines[y] + 1, 0, source.Height - 1);
                if (upperIs != from && lowerIs == from)
                {
                    Span<short> swap = upper;
                    upper = lower;
                    lower = swap;
                    (upperIs, lowerIs) = (lowerIs, upperIs);
                }

                if (upperIs != from)
                {
                    Horizontal(source.Row(from), columns, width, upper);
                    upperIs = from;
                }

                if (lowerIs != to && to != from)
                {
                    Horizontal(source.Row(to), columns, width, lower);
                    lowerIs = to;
                }

                Vertical(upper, to == from ? upper : lower, lines[height + y], lines[(2 * height) + y], destination.Row(y)[..rowLength]);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(taps);
            ArrayPool<short>.Shared.Return(rows);
        }
    }

    private static void Copy(RgbImage source, RgbImage destination)
    {
        for (int y = 0; y < source.Height; y++)
        {
            source.Row(y).CopyTo(destination.Row(y));
        }
    }

    // out = (s[i]·a0 + s[i+3]·a1) >> 4, at most 255·2048/16 = 32640: it fits a short.
    private static void Horizontal(ReadOnlySpan<byte> row, ReadOnlySpan<int> taps, int width, Span<short> output)
    {
        ReadOnlySpan<int> index = taps[..width];
        ReadOnlySpan<int> first = taps.Slice(width, width);
        ReadOnlySpan<int> second = taps.Slice(2 * width, width);
        ref byte pixels = ref MemoryMarshal.GetReference(row);
        ref short target = ref MemoryMarshal.GetReference(output);

        // A pixel is read as four bytes: the last ones of a row are left to the plain loop.
        int x = 0;
        for (; x < width && (index[x] * 3) + 7 <= row.Length; x++)
        {
            nuint at = (nuint)(index[x] * 3);
            Vector128<int> sum = ((Load(ref pixels, at) * first[x]) + (Load(ref pixels, at + 3) * second[x])) >> 4;
            ulong four = Vector128.Narrow(sum, sum).AsUInt64().ToScalar();
            Unsafe.WriteUnaligned(ref Unsafe.As<short, byte>(ref Unsafe.Add(ref target, x * 3)), four);
        }

        for (; x < width; x++)
        {
            int at = index[x] * 3;
            int next = second[x] == 0 ? at : at + 3;
            for (int channel = 0; channel < 3; channel++)
            {
                output[(x * 3) + channel] = (short)(((row[at + channel] * first[x]) + (row[next + channel] * second[x])) >> 4);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Load(ref byte pixels, nuint at)
    {
        uint four = Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref pixels, at));
        return Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(four).AsByte())).AsInt32();
    }

    // out = ((b0·r0 >> 16) + (b1·r1 >> 16) + 2) >> 2
    private static void Vertical(ReadOnlySpan<short> upper, ReadOnlySpan<short> lower, int first, int second, Span<byte> output)
    {
        ref short top = ref MemoryMarshal.GetReference(upper);
        ref short bottom = ref MemoryMarshal.GetReference(lower);
        ref byte target = ref MemoryMarshal.GetReference(output);
        int i = 0;
        for (; i + 16 <= output.Length; i += 16)
        {
            Vector256<short> a = Vector256.LoadUnsafe(ref top, (nuint)i);
            Vector256<short> b = Vector256.LoadUnsafe(ref bottom, (nuint)i);
            Vector256<int> low = ((((Vector256.WidenLower(a) * first) >> 16) + ((Vector256.WidenLower(b) * second) >> 16))
                + Vector256.Create(2)) >> 2;
            Vector256<int> high = ((((Vector256.WidenUpper(a) * first) >> 16) + ((Vector256.WidenUpper(b) * second) >> 16))
                + Vector256.Create(2)) >> 2;
            Vector256<short> words = Vector256.Narrow(low, high);
            Vector128.Narrow(words.GetLower().AsUInt16(), words.GetUpper().AsUInt16()).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < output.Length; i++)
        {
            output[i] = (byte)((((first * upper[i]) >> 16) + ((second * lower[i]) >> 16) + 2) >> 2);
        }
    }
}
