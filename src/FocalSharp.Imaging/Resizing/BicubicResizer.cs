using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Imaging.Resizing;

/// <summary>
/// Bicubic resizing (Keys' kernel with −0.75), OpenCV's <c>INTER_CUBIC</c> on 8-bit images: half-pixel centers, 11-bit weights,
/// replicated borders, one rounding at the end. Like OpenCV it does not smooth when shrinking.
/// </summary>
internal static class BicubicResizer
{
    /// <summary>Samples per axis.</summary>
    public const int Taps = 4;

    private const int One = 2048;
    private const int Shift = 22;
    private const float Sharpness = -0.75f;

    /// <summary>Resizes pixels into RGB memory.</summary>
    /// <param name="source">The pixels.</param>
    /// <param name="destination">The target from its top-left pixel on, three bytes per pixel.</param>
    /// <param name="stride">Bytes from one row of the destination to the next, at least <c>3 · width</c>.</param>
    /// <param name="width">Width of the result, at least 1.</param>
    /// <param name="height">Height of the result, at least 1.</param>
    public static void Resize(PixelView source, Span<byte> destination, int stride, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int rowLength = width * 3;
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, rowLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, ((height - 1L) * stride) + rowLength, nameof(destination));
        using BicubicRows rows = new(new ImageSize(source.Width, source.Height), new ImageSize(width, height), source.BytesPerPixel);
        rows.Resize(source, destination, stride);
    }

    /// <summary>Fills the weights of a target position, and returns the index of its first sample, which may lie outside.</summary>
    public static int Fill(int source, int target, int position, Span<int> weights)
    {
        float at = (float)(((position + 0.5) * (1.0 / ((double)target / source))) - 0.5);
        int floor = (int)MathF.Floor(at);
        float x = at - floor;
        float far = (((((Sharpness * (x + 1)) - (5 * Sharpness)) * (x + 1)) + (8 * Sharpness)) * (x + 1)) - (4 * Sharpness);
        float near = (((((Sharpness + 2) * x) - (Sharpness + 3)) * x) * x) + 1;
        float y = 1 - x;
        float next = (((((Sharpness + 2) * y) - (Sharpness + 3)) * y) * y) + 1;
        weights[0] = (int)MathF.Round(far * One);
        weights[1] = (int)MathF.Round(near * One);
        weights[2] = (int)MathF.Round(next * One);
        weights[3] = (int)MathF.Round((1 - far - near - next) * One);
        return floor - 1;
    }

    /// <summary>The horizontal pass.</summary>
    public static void Horizontal(ReadOnlySpan<byte> row, ReadOnlySpan<int> columns, int width, Span<int> output)
    {
        ref byte pixels = ref MemoryMarshal.GetReference(row);
        ref int target = ref MemoryMarshal.GetReference(output);
        ReadOnlySpan<int> weights = columns[(Taps * width)..];
        for (int x = 0; x < width; x++)
        {
            int first = Taps * x;

            // Four bytes are read for three; the last ones of a row are left to the scalar loop.
            if (Math.Max(columns[first], columns[first + 3]) + 4 <= row.Length)
            {
                Vector128<int> sum = (Load(ref pixels, columns[first]) * weights[first])
                    + (Load(ref pixels, columns[first + 1]) * weights[first + 1])
                    + (Load(ref pixels, columns[first + 2]) * weights[first + 2])
                    + (Load(ref pixels, columns[first + 3]) * weights[first + 3]);
                sum.StoreUnsafe(ref target, (nuint)(x * 3));
                continue;
            }

            for (int channel = 0; channel < 3; channel++)
            {
                int sum = 0;
                for (int tap = 0; tap < Taps; tap++)
                {
                    sum += row[columns[first + tap] + channel] * weights[first + tap];
                }

                output[(x * 3) + channel] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Load(ref byte pixels, int at)
    {
        uint four = Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref pixels, (nuint)at));
        return Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(four).AsByte())).AsInt32();
    }

    /// <summary>The vertical pass. The sums have up to 2^8 · 2^11 · 2^11 · 1.5, which fits 32 bits.</summary>
    public static void Vertical(ReadOnlySpan<int> rows, int rowStride, ReadOnlySpan<int> slots, ReadOnlySpan<int> weights, Span<byte> output)
    {
        ReadOnlySpan<int> a = rows.Slice(slots[0] * rowStride, output.Length);
        ReadOnlySpan<int> b = rows.Slice(slots[1] * rowStride, output.Length);
        ReadOnlySpan<int> c = rows.Slice(slots[2] * rowStride, output.Length);
        ReadOnlySpan<int> d = rows.Slice(slots[3] * rowStride, output.Length);
        int i = 0;
        for (; i + 16 <= output.Length; i += 16)
        {
            Vector512<int> sum = (Vector512.Create(a[i..]) * weights[0]) + (Vector512.Create(b[i..]) * weights[1])
                + (Vector512.Create(c[i..]) * weights[2]) + (Vector512.Create(d[i..]) * weights[3]) + Vector512.Create(1 << (Shift - 1));
            Vector512<int> value = Vector512.Min(Vector512.Max(sum >> Shift, Vector512<int>.Zero), Vector512.Create(255));
            Vector256<short> words = Vector256.Narrow(value.GetLower(), value.GetUpper());
            Vector128.Narrow(words.GetLower().AsUInt16(), words.GetUpper().AsUInt16()).CopyTo(output[i..]);
        }

        for (; i < output.Length; i++)
        {
            int sum = (a[i] * weights[0]) + (b[i] * weights[1]) + (c[i] * weights[2]) + (d[i] * weights[3]) + (1 << (Shift - 1));
            output[i] = (byte)Math.Clamp(sum >> Shift, 0, 255);
        }
    }
}
