using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Converts between four bytes per pixel (Skia) and three (<see cref="RgbImage"/>).</summary>
internal static class PixelPacking
{
    private static readonly Vector128<byte> DropAlphaShuffle =
        Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);

    private static readonly Vector128<byte> InsertAlphaShuffle =
        Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);

    public static void RgbaToRgb(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        int count = rgb.Length / 3;
        int i = 0;
        ref byte from = ref MemoryMarshal.GetReference(rgba);
        ref byte to = ref MemoryMarshal.GetReference(rgb);

        // Four pixels per step; each store writes 16 bytes, and the next step overwrites 4 of them.
        for (; (i * 3) + 16 <= rgb.Length; i += 4)
        {
            Vector128<byte> pixels = Vector128.LoadUnsafe(ref from, (nuint)(i * 4));
            Vector128.Shuffle(pixels, DropAlphaShuffle).StoreUnsafe(ref to, (nuint)(i * 3));
        }

        for (; i < count; i++)
        {
            rgb[i * 3] = rgba[i * 4];
            rgb[(i * 3) + 1] = rgba[(i * 4) + 1];
            rgb[(i * 3) + 2] = rgba[(i * 4) + 2];
        }
    }

    public static void RgbToRgba(ReadOnlySpan<byte> rgb, Span<byte> rgba)
    {
        int count = rgb.Length / 3;
        int i = 0;
        ref byte from = ref MemoryMarshal.GetReference(rgb);
        ref byte to = ref MemoryMarshal.GetReference(rgba);
        Vector128<byte> opaque = Vector128.Create(0xFF000000u).AsByte();
        for (; (i * 3) + 16 <= rgb.Length; i += 4)
        {
            Vector128<byte> pixels = Vector128.LoadUnsafe(ref from, (nuint)(i * 3));
            (Vector128.Shuffle(pixels, InsertAlphaShuffle) | opaque).StoreUnsafe(ref to, (nuint)(i * 4));
        }

        for (; i < count; i++)
        {
            rgba[i * 4] = rgb[i * 3];
            rgba[(i * 4) + 1] = rgb[(i * 3) + 1];
            rgba[(i * 4) + 2] = rgb[(i * 3) + 2];
            rgba[(i * 4) + 3] = 255;
        }
    }
}
