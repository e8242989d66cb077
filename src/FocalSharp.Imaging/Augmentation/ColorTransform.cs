using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// Brightness, contrast, saturation and hue as one 3x4 matrix on RGB, so that all of them take a single pass and values are clipped to
/// [0, 255] only at its end. Each column is the contribution of one input channel (or the constant 1) to the output's channels.
/// </summary>
internal readonly record struct ColorTransform
{
    private readonly Vector128<float> _red;
    private readonly Vector128<float> _green;
    private readonly Vector128<float> _blue;
    private readonly Vector128<float> _offset;

    private ColorTransform(Vector128<float> red, Vector128<float> green, Vector128<float> blue, Vector128<float> offset) =>
        (_red, _green, _blue, _offset) = (red, green, blue, offset);

    /// <summary>Gets the identity.</summary>
    public static ColorTransform Identity => new(Column(1, 0, 0), Column(0, 1, 0), Column(0, 0, 1), default);

    /// <summary>Adds a fraction of full scale to every channel.</summary>
    public static ColorTransform Brightness(double shift)
    {
        float offset = (float)(shift * 255);
        return new(Column(1, 0, 0), Column(0, 1, 0), Column(0, 0, 1), Column(offset, offset, offset));
    }

    /// <summary>Multiplies the distance from mid-grey.</summary>
    public static ColorTransform Contrast(double factor)
    {
        float f = (float)factor;
        float offset = 127.5f * (1 - f);
        return new(Column(f, 0, 0), Column(0, f, 0), Column(0, 0, f), Column(offset, offset, offset));
    }

    /// <summary>Multiplies the distance from each pixel's own grey (BT.601 luma); 0 removes all colour.</summary>
    public static ColorTransform Saturation(double factor)
    {
        float f = (float)factor;
        (float r, float g, float b) = ((1 - f) * 0.299f, (1 - f) * 0.587f, (1 - f) * 0.114f);
        return new(Column(r + f, r, r), Column(g, g + f, g), Column(b, b, b + f), default);
    }

    /// <summary>Turns the colours about the grey axis at constant luma: a rotation of YCbCr's chroma plane.</summary>
    /// <param name="degrees">The angle in degrees; 120 takes red towards green.</param>
    public static ColorTransform Hue(double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(Turned(1, 0, 0), Turned(0, 1, 0), Turned(0, 0, 1), default);

        Vector128<float> Turned(double r, double g, double b)
        {
            double luma = (0.299 * r) + (0.587 * g) + (0.114 * b);
            (double cb, double cr) = ((b - luma) / 1.772, (r - luma) / 1.402);
            (cb, cr) = ((cos * cb) - (sin * cr), (sin * cb) + (cos * cr));
            return Column(luma + (1.402 * cr), luma - (((0.299 * 1.402 * cr) + (0.114 * 1.772 * cb)) / 0.587), luma + (1.772 * cb));
        }
    }

    /// <summary>This transform followed by another, without cutting between.</summary>
    public ColorTransform Then(ColorTransform next) =>
        new(next.Linear(_red), next.Linear(_green), next.Linear(_blue), next.Linear(_offset) + next._offset);

    /// <summary>Changes an image in place.</summary>
    public void Apply(RgbImage image)
    {
        (Vector128<float> red, Vector128<float> green, Vector128<float> blue) = (_red, _green, _blue);
        Vector128<float> offset = _offset + Vector128.Create(0.5f);
        Vector128<float> max = Vector128.Create(255f);
        byte[] pixels = image.Pixels;
        ref byte first = ref MemoryMarshal.GetArrayDataReference(pixels);

        // Four bytes are written for a pixel's three; the fourth is the next pixel's red, kept as it was.
        for (int i = 0; i < pixels.Length; i += 3)
        {
            Vector128<float> value = offset + (red * pixels[i]) + (green * pixels[i + 1]) + (blue * pixels[i + 2]);
            Vector128<int> whole = Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(value, Vector128<float>.Zero), max));
            if (i + 3 < pixels.Length)
            {
                Vector128<short> words = Vector128.Narrow(whole, whole);
                uint four = Vector128.Narrow(words, words).AsUInt32().ToScalar();
                byte next = pixels[i + 3];
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, i), four);
                pixels[i + 3] = next;
            }
            else
            {
                (pixels[i], pixels[i + 1], pixels[i + 2]) = ((byte)whole[0], (byte)whole[1], (byte)whole[2]);
            }
        }
    }

    private Vector128<float> Linear(Vector128<float> color) => (_red * color[0]) + (_green * color[1]) + (_blue * color[2]);

    private static Vector128<float> Column(double r, double g, double b) => Vector128.Create((float)r, (float)g, (float)b, 0);
}
