using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>Blends two samples of one size; the result has the objects of both.</summary>
internal static class MixUp
{
    /// <summary>Blends: <c>weight · first + (1 − weight) · second</c>, rounded to 1/256 of the weight.</summary>
    /// <param name="first">One sample.</param>
    /// <param name="second">Another of the same width and height.</param>
    /// <param name="weight">The weight of the first sample, in [0, 1].</param>
    public static TrainingSample Blend(TrainingSample first, TrainingSample second, double weight)
    {
        if (first.Image.Width != second.Image.Width || first.Image.Height != second.Image.Height)
        {
            throw new ArgumentException("Two samples must have one size to be blended.", nameof(second));
        }

        RgbImage image = new(first.Image.Width, first.Image.Height);
        Blend(first.Image.Pixels, second.Image.Pixels, (ushort)Math.Round(Math.Clamp(weight, 0, 1) * 256), image.Pixels);
        return new(image, [.. first.Boxes, .. second.Boxes], [.. first.Labels, .. second.Labels]);
    }

    private static void Blend(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ushort share, Span<byte> result)
    {
        ushort rest = (ushort)(256 - share);
        int i = 0;
        for (; i + 16 <= result.Length; i += 16)
        {
            Vector128<byte> a = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(first), (nuint)i);
            Vector128<byte> b = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(second), (nuint)i);
            Vector128<ushort> half = Vector128.Create((ushort)128);
            Vector128<ushort> low = ((Vector128.WidenLower(a) * share) + (Vector128.WidenLower(b) * rest) + half) >> 8;
            Vector128<ushort> high = ((Vector128.WidenUpper(a) * share) + (Vector128.WidenUpper(b) * rest) + half) >> 8;
            Vector128.Narrow(low, high).StoreUnsafe(ref MemoryMarshal.GetReference(result), (nuint)i);
        }

        for (; i < result.Length; i++)
        {
            result[i] = (byte)(((first[i] * share) + (second[i] * rest) + 128) >> 8);
        }
    }
}
