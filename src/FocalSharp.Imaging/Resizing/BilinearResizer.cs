using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// Bilinear resizing, bit-equal to OpenCV's <c>INTER_LINEAR</c> on 8-bit images: half-pixel centers, 11-bit weights, one
/// truncation after the horizontal and two in the vertical pass; or of its warps (<see cref="ResizeMode.Warp"/>): steps of
/// 1/32 pixel and one rounding. Like OpenCV it does not smooth
/// when shrinking; <see cref="ResizeFilter.Area"/> does.
/// </summary>
internal static class BilinearResizer
{
    /// <summary>Words that a store may write past the end of a row.</summary>
    public const int RowSlack = 2;

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

    /// <summary>Resizes an image into the top-left corner of another; the rest of it is unchanged.</summary>
    /// <param name="source">The image.</param>
    /// <param name="destination">The target, at least as large as the result.</param>
    /// <param name="width">Width of the result, at least 1.</param>
    /// <param name="height">Height of the result, at least 1.</param>
    /// <param name="warp">Whether to sample as <see cref="ResizeMode.Warp"/> does.</param>
    public static void Resize(RgbImage source, RgbImage destination, int width, int height, bool warp = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, destination.Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, destination.Height);
        Resize(source.View, destination.Pixels, destination.Width * 3, width, height, warp);
    }

    /// <summary>Resizes pixels into RGB memory.</summary>
    /// <param name="source">The pixels.</param>
    /// <param name="destination">The target from its top-left pixel on, three bytes per pixel.</param>
    /// <param name="stride">Bytes from one row of the destination to the next, at least <c>3 · width</c>.</param>
    /// <param name="width">Width of the result, at least 1.</param>
    /// <param name="height">Height of the result, at least 1.</param>
    /// <param name="warp">Whether to sample as <see cref="ResizeMode.Warp"/> does.</param>
    public static void Resize(PixelView source, Span<byte> destination, int stride, int width, int height, bool warp = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int rowLength = width * 3;
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, rowLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, ((height - 1L) * stride) + rowLength, nameof(destination));
        if (source.Width == width && source.Height == height)
        {
            for (int y = 0; y < height; y++)
            {
                source.CopyRow(y, destination.Slice(y * stride, rowLength));
            }

            return;
        }

        using BilinearRows rows = new(new ImageSize(source.Width, source.Height), new ImageSize(width, height), source.BytesPerPixel, warp);
        rows.Resize(source, destination, stride);
    }

    /// <summary>The horizontal pass: (s[i]·a0 + s[i+1 pixel]·a1) &gt;&gt; 4, at most 255·2048/16 = 32640, which fits a short.</summary>
    public static void Horizontal(ReadOnlySpan<byte> row, int bytesPerPixel, ReadOnlySpan<int> taps, int width, Span<short> output)
    {
        ReadOnlySpan<int> index = taps[..width];
        ReadOnlySpan<int> first = taps.Slice(width, width);
        ReadOnlySpan<int> second = taps.Slice(2 * width, width);

        // Two pixels are read as eight bytes: the last ones of a row are left to the scalar loop.
        int wide = width;
        while (wide > 0 && (index[wide - 1] * bytesPerPixel) + 8 > row.Length)
        {
            wide--;
        }

        int x = Ssse3.IsSupported
            ? HorizontalPairs(row, bytesPerPixel, index, first, second, wide, output)
            : HorizontalWide(row, bytesPerPixel, index, first, second, wide, output);
        for (; x < width; x++)
        {
            int at = index[x] * bytesPerPixel;
            int next = second[x] == 0 ? at : at + bytesPerPixel;
            for (int channel = 0; channel < 3; channel++)
            {
                output[(x * 3) + channel] = (short)(((row[at + channel] * first[x]) + (row[next + channel] * second[x])) >> 4);
            }
        }
    }

    // The bytes of both neighbors side by side as words, then one multiply-and-add of pairs per pixel.
    private static int HorizontalPairs(
        ReadOnlySpan<byte> row, int bytesPerPixel, ReadOnlySpan<int> index, ReadOnlySpan<int> first, ReadOnlySpan<int> second, int width, Span<short> output)
    {
        byte b = (byte)bytesPerPixel;
        const byte No = 0x80;
        Vector128<byte> pairs = Vector128.Create(
            0, No, b, No, 1, No, (byte)(b + 1), No, 2, No, (byte)(b + 2), No, No, No, No, No);
        ref byte pixels = ref MemoryMarshal.GetReference(row);
        ref byte target = ref Unsafe.As<short, byte>(ref MemoryMarshal.GetReference(output));
        int x = 0;
        for (; x + 2 <= width; x += 2)
        {
            Vector128<int> left = Pair(ref pixels, index[x] * bytesPerPixel, first[x], second[x], pairs);
            Vector128<int> right = Pair(ref pixels, index[x + 1] * bytesPerPixel, first[x + 1], second[x + 1], pairs);
            Vector128<ulong> words = Sse2.PackSignedSaturate(left, right).AsUInt64();
            Unsafe.WriteUnaligned(ref Unsafe.AddByteOffset(ref target, (nuint)(x * 6)), words.GetElement(0));
            Unsafe.WriteUnaligned(ref Unsafe.AddByteOffset(ref target, (nuint)((x * 6) + 6)), words.GetElement(1));
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pair(ref byte pixels, int at, int first, int second, Vector128<byte> pairs)
    {
        ulong eight = Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref pixels, (nuint)at));
        Vector128<short> words = Ssse3.Shuffle(Vector128.CreateScalarUnsafe(eight).AsByte(), pairs).AsInt16();
        return Sse2.MultiplyAddAdjacent(words, Vector128.Create(first | (second << 16)).AsInt16()) >> 4;
    }

    private static int HorizontalWide(
        ReadOnlySpan<byte> row, int bytesPerPixel, ReadOnlySpan<int> index, ReadOnlySpan<int> first, ReadOnlySpan<int> second, int width, Span<short> output)
    {
        ref byte pixels = ref MemoryMarshal.GetReference(row);
        ref short target = ref MemoryMarshal.GetReference(output);
        for (int x = 0; x < width; x++)
        {
            nuint at = (nuint)(index[x] * bytesPerPixel);
            Vector128<int> sum = ((Load(ref pixels, at) * first[x]) + (Load(ref pixels, at + (nuint)bytesPerPixel) * second[x])) >> 4;
            ulong four = Vector128.Narrow(sum, sum).AsUInt64().ToScalar();
            Unsafe.WriteUnaligned(ref Unsafe.As<short, byte>(ref Unsafe.Add(ref target, x * 3)), four);
        }

        return width;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Load(ref byte pixels, nuint at)
    {
        uint four = Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref pixels, at));
        return Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(four).AsByte())).AsInt32();
    }

    /// <summary>The vertical pass of OpenCV's warps: (b0·r0 + b1·r1 + 512) &gt;&gt; 10, with r of 5 and b of 5 fractional bits, one rounding.</summary>
    public static void VerticalExact(ReadOnlySpan<short> upper, ReadOnlySpan<short> lower, int first, int second, Span<byte> output)
    {
        ref short top = ref MemoryMarshal.GetReference(upper);
        ref short bottom = ref MemoryMarshal.GetReference(lower);
        ref byte target = ref MemoryMarshal.GetReference(output);
        int i = 0;
        if (Avx2.IsSupported)
        {
            Vector256<short> weights = Vector256.Create(first | (second << 16)).AsInt16();
            Vector256<int> half = Vector256.Create(512);
            for (; i + 32 <= output.Length; i += 32)
            {
                Vector256<short> low = Blend(Vector256.LoadUnsafe(ref top, (nuint)i), Vector256.LoadUnsafe(ref bottom, (nuint)i), weights, half);
                Vector256<short> high = Blend(Vector256.LoadUnsafe(ref top, (nuint)i + 16), Vector256.LoadUnsafe(ref bottom, (nuint)i + 16), weights, half);
                Avx2.Permute4x64(Avx2.PackUnsignedSaturate(low, high).AsUInt64(), 0b11_01_10_00).AsByte().StoreUnsafe(ref target, (nuint)i);
            }
        }

        for (; i < output.Length; i++)
        {
            output[i] = (byte)(((first * upper[i]) + (second * lower[i]) + 512) >> 10);
        }
    }

    // Within each half: the pairs of both rows, low and high, become sums, which packing puts back into order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Blend(Vector256<short> top, Vector256<short> bottom, Vector256<short> weights, Vector256<int> half) => Avx2.PackSignedSaturate(
        (Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(top, bottom), weights) + half) >> 10,
        (Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(top, bottom), weights) + half) >> 10);

    /// <summary>The vertical pass: ((b0·r0 &gt;&gt; 16) + (b1·r1 &gt;&gt; 16) + 2) &gt;&gt; 2.</summary>
    public static void Vertical(ReadOnlySpan<short> upper, ReadOnlySpan<short> lower, int first, int second, Span<byte> output)
    {
        ref short top = ref MemoryMarshal.GetReference(upper);
        ref short bottom = ref MemoryMarshal.GetReference(lower);
        ref byte target = ref MemoryMarshal.GetReference(output);
        int i = 0;
        if (Avx2.IsSupported)
        {
            // The upper half of a 16-bit product is the shift by 16.
            Vector256<short> firsts = Vector256.Create((short)first);
            Vector256<short> seconds = Vector256.Create((short)second);
            Vector256<short> two = Vector256.Create((short)2);
            for (; i + 32 <= output.Length; i += 32)
            {
                Vector256<short> low = (Avx2.MultiplyHigh(Vector256.LoadUnsafe(ref top, (nuint)i), firsts)
                    + Avx2.MultiplyHigh(Vector256.LoadUnsafe(ref bottom, (nuint)i), seconds) + two) >> 2;
                Vector256<short> high = (Avx2.MultiplyHigh(Vector256.LoadUnsafe(ref top, (nuint)i + 16), firsts)
                    + Avx2.MultiplyHigh(Vector256.LoadUnsafe(ref bottom, (nuint)i + 16), seconds) + two) >> 2;
                Avx2.Permute4x64(Avx2.PackUnsignedSaturate(low, high).AsUInt64(), 0b11_01_10_00).AsByte().StoreUnsafe(ref target, (nuint)i);
            }
        }

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
