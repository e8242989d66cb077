using SkiaSharp;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Converts colors from an ICC profile to sRGB.</summary>
internal static unsafe class ColorProfile
{
    // Profiles named sRGB differ in the fourth digit; a difference of this size changes no pixel by more than one level.
    private const float Tolerance = 0.003f;

    private static readonly SKColorSpace Srgb = SKColorSpace.CreateSrgb();

    /// <summary>Returns sRGB if a color space differs from it, so that a decoder has to convert; else null.</summary>
    public static SKColorSpace? GetTarget(SKColorSpace? colors) => colors is null || IsSrgb(colors) ? null : Srgb;

    /// <summary>Converts RGB or RGBA pixels in place; a profile that is damaged or not of RGB colors changes nothing.</summary>
    public static void ConvertToSrgb(Span<byte> pixels, int width, int bytesPerPixel, ReadOnlySpan<byte> profile)
    {
        using SKColorSpace? colors = SKColorSpace.CreateIcc(profile);
        if (GetTarget(colors) is null)
        {
            return;
        }

        int rowBytes = width * bytesPerPixel;
        using DecodeBuffer row = new(checked(width * 4));
        SKImageInfo from = new(width, 1, SKColorType.Rgba8888, SKAlphaType.Opaque, colors);
        for (int at = 0; at < pixels.Length; at += rowBytes)
        {
            Span<byte> part = pixels.Slice(at, rowBytes);
            if (bytesPerPixel == 3)
            {
                PixelPacking.RgbToRgba(part, row.Span);
            }
            else
            {
                part.CopyTo(row.Span);
            }

            fixed (byte* bytes = row.Span)
            {
                using SKPixmap pixmap = new(from, (nint)bytes, width * 4);
                _ = pixmap.ReadPixels(from.WithColorSpace(Srgb), (nint)bytes, width * 4, 0, 0);
            }

            if (bytesPerPixel == 3)
            {
                PixelPacking.RgbaToRgb(row.Span, part);
            }
            else
            {
                row.Span.CopyTo(part);
            }
        }
    }

    private static bool IsSrgb(SKColorSpace colors)
    {
        if (colors.IsSrgb)
        {
            return true;
        }

        if (!colors.GetNumericalTransferFunction(out SKColorSpaceTransferFn curve) || !colors.ToColorSpaceXyz(out SKColorSpaceXyz matrix))
        {
            return false;
        }

        float[] expected = [.. SKColorSpaceTransferFn.Srgb.Values, .. SKColorSpaceXyz.Srgb.Values];
        float[] actual = [.. curve.Values, .. matrix.Values];
        return actual.Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);
    }
}
