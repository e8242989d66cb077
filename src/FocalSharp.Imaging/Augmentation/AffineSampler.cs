using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// Resizes, moves, flips, rotates and crops in a single bilinear pass. A target pixel whose center maps into the source rectangle is
/// interpolated (neighbors beyond the border repeat it); all others have the fill color, so that the borders of an image are sharp.
/// </summary>
internal static class AffineSampler
{
    private const int FractionBits = 11;
    private const int FractionMask = (1 << FractionBits) - 1;

    /// <summary>Draws a transformed image onto a whole canvas.</summary>
    /// <param name="source">The image.</param>
    /// <param name="destination">The canvas; every pixel of it is written.</param>
    /// <param name="transform">The transform from the source to the canvas.</param>
    /// <param name="fill">The color outside of the source.</param>
    public static void Warp(RgbImage source, RgbImage destination, AffineTransform transform, RgbColor fill) =>
        Warp(source, destination, transform, fill, PixelRegion.FromImage(destination));

    /// <summary>Draws a transformed image into a region of a canvas; pixels outside the region are unchanged.</summary>
    /// <param name="source">The image.</param>
    /// <param name="destination">The canvas.</param>
    /// <param name="transform">The transform from the source to the canvas.</param>
    /// <param name="fill">The color outside of the source.</param>
    /// <param name="region">The region to write, within the canvas.</param>
    public static void Warp(RgbImage source, RgbImage destination, AffineTransform transform, RgbColor fill, PixelRegion region)
    {
        if (region.X < 0 || region.Y < 0 || region.X + region.Width > destination.Width || region.Y + region.Height > destination.Height)
        {
            throw new ArgumentException($"{region} is not within the canvas of {destination.Width}x{destination.Height}.", nameof(region));
        }

        // Positions are 32.32 fixed point: exact steps, and the range of columns inside the source has a closed form.
        AffineTransform back = transform.Invert();
        (long stepU, long stepV) = (ToFixedPoint(back.XX), ToFixedPoint(back.YX));
        (long limitU, long limitV) = ((long)source.Width << 32, (long)source.Height << 32);
        for (int line = 0; line < region.Height; line++)
        {
            int y = region.Y + line;

            // From column 0, so that a pixel does not depend on the region it is drawn with.
            (double u0, double v0) = back.Apply(0.5, y + 0.5);
            (long u, long v) = (ToFixedPoint(u0) + (region.X * stepU), ToFixedPoint(v0) + (region.X * stepV));
            Span<byte> row = destination.Row(y).Slice(region.X * 3, region.Width * 3);
            (int from, int to) = ClipColumns(u, stepU, limitU, 0, region.Width);
            (from, to) = ClipColumns(v, stepV, limitV, from, to);
            PixelFill.Row(row[..(from * 3)], fill);
            PixelFill.Row(row[(to * 3)..], fill);
            Sample(source, row[(from * 3)..(to * 3)], u + (from * stepU), v + (from * stepV), stepU, stepV);
        }
    }

    private static long ToFixedPoint(double value) => (long)Math.Round(value * 4294967296.0);

    // The columns x of [from, to) with 0 <= start + x·step < limit; empty as (from, from).
    private static (int From, int To) ClipColumns(long start, long step, long limit, int from, int to)
    {
        long low = from;
        long high = to;
        if (step == 0)
        {
            high = start >= 0 && start < limit ? high : low;
        }
        else
        {
            (long nearer, long farther) = step > 0 ? (-start, limit - 1 - start) : (limit - 1 - start, -start);
            low = Math.Max(low, CeilingDivide(nearer, step));
            high = Math.Min(high, FloorDivide(farther, step) + 1);
        }

        return low < high ? ((int)low, (int)high) : (from, from);
    }

    private static long FloorDivide(long a, long b) => (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);

    private static long CeilingDivide(long a, long b) => (a / b) + (a % b != 0 && (a < 0) == (b < 0) ? 1 : 0);

    private static void Sample(RgbImage source, Span<byte> output, long u, long v, long stepU, long stepV)
    {
        ref byte pixels = ref MemoryMarshal.GetArrayDataReference(source.Pixels);
        ref byte target = ref MemoryMarshal.GetReference(output);
        int stride = source.Width * 3;
        uint safeX = (uint)Math.Max(source.Width - 2, 0);
        uint safeY = (uint)(source.Height - 1);
        Vector128<int> half = Vector128.Create(1 << ((2 * FractionBits) - 1));

        // Pixel centers: a position is half a pixel beyond its sample.
        u -= 1L << 31;
        v -= 1L << 31;
        int last = output.Length - 3;
        for (int i = 0; i <= last; i += 3, u += stepU, v += stepV)
        {
            int x = (int)(u >> 32);
            int y = (int)(v >> 32);
            int fx = (int)(u >> (32 - FractionBits)) & FractionMask;
            int fy = (int)(v >> (32 - FractionBits)) & FractionMask;
            if ((uint)x < safeX && (uint)y < safeY && i < last)
            {
                // Four bytes are read and written for a pixel's three: safe left of the last two columns, and the
                // next pixel overwrites the fourth.
                nuint at = (nuint)((y * stride) + (x * 3));
                Vector128<int> top = Lerp(ref pixels, at, fx);
                Vector128<int> bottom = Lerp(ref pixels, at + (nuint)stride, fx);
                Vector128<int> sum = ((top << FractionBits) + ((bottom - top) * fy) + half) >> (2 * FractionBits);
                Vector128<short> words = Vector128.Narrow(sum, sum);
                uint four = Vector128.Narrow(words, words).AsUInt32().ToScalar();
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i), four);
            }
            else
            {
                SampleBorder(source, x, y, fx, fy, output.Slice(i, 3));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Lerp(ref byte pixels, nuint at, int fraction)
    {
        Vector128<int> left = Load(ref pixels, at);
        return (left << FractionBits) + ((Load(ref pixels, at + 3) - left) * fraction);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Load(ref byte pixels, nuint at)
    {
        uint four = Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref pixels, at));
        return Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(four).AsByte())).AsInt32();
    }

    private static void SampleBorder(RgbImage source, int x, int y, int fx, int fy, Span<byte> pixel)
    {
        int left = Math.Clamp(x, 0, source.Width - 1) * 3;
        int right = Math.Clamp(x + 1, 0, source.Width - 1) * 3;
        ReadOnlySpan<byte> upper = source.Row(Math.Clamp(y, 0, source.Height - 1));
        ReadOnlySpan<byte> lower = source.Row(Math.Clamp(y + 1, 0, source.Height - 1));
        for (int channel = 0; channel < 3; channel++)
        {
            int top = (upper[left + channel] << FractionBits) + ((upper[right + channel] - upper[left + channel]) * fx);
            int bottom = (lower[left + channel] << FractionBits) + ((lower[right + channel] - lower[left + channel]) * fx);
            pixel[channel] = (byte)(((top << FractionBits) + ((bottom - top) * fy) + (1 << ((2 * FractionBits) - 1))) >> (2 * FractionBits));
        }
    }
}
