namespace FocalSharp.Synthetic;

/// <summary>
/// Blurs one side of an object along its normal, like motion blur: a straight edge at <c>x</c> becomes a linear ramp over
/// <c>[x − length/2, x + length/2]</c>. The other sides remain unchanged.
/// </summary>
internal static class EdgeBlur
{
    /// <summary>Blurs one side in place. The layer must extend at least half the length beyond the edge.</summary>
    /// <param name="layer">The object.</param>
    /// <param name="side">0 left, 1 top, 2 right, 3 bottom.</param>
    /// <param name="edge">Coordinate of the edge on the layer, in pixels.</param>
    /// <param name="length">Length of the ramp in pixels.</param>
    public static void Apply(ObjectLayer layer, int side, float edge, float length)
    {
        bool horizontal = side is 0 or 2;
        int lines = horizontal ? layer.Height : layer.Width;
        int count = horizontal ? layer.Width : layer.Height;
        int step = horizontal ? 4 : layer.Width * 4;
        int lineStep = horizontal ? layer.Width * 4 : 4;
        float[] widths = ComputeWidths(count, outwards: side >= 2, edge, length);
        int first = Array.FindIndex(widths, w => w > 1);
        int last = Array.FindLastIndex(widths, w => w > 1);
        if (first < 0)
        {
            return;
        }

        float[] sums = new float[(count + 1) * 4];
        for (int line = 0; line < lines; line++)
        {
            Span<byte> pixels = layer.Pixels.AsSpan(line * lineStep);
            for (int i = 0; i < count; i++)
            {
                for (int c = 0; c < 4; c++)
                {
                    sums[((i + 1) * 4) + c] = sums[(i * 4) + c] + pixels[(i * step) + c];
                }
            }

            if (sums[(count * 4) + 3] == 0)
            {
                continue;
            }

            for (int i = first; i <= last; i++)
            {
                float half = widths[i] / 2;
                for (int c = 0; c < 4; c++)
                {
                    float sum = InterpolatePrefixSum(sums, count, i + 0.5f + half, c) - InterpolatePrefixSum(sums, count, i + 0.5f - half, c);
                    pixels[(i * step) + c] = (byte)Math.Clamp((sum / widths[i]) + 0.5f, 0, 255);
                }
            }
        }
    }

    // The window grows from 0, two lengths inside the object, to the whole length at half a length inside.
    private static float[] ComputeWidths(int count, bool outwards, float edge, float length)
    {
        float[] widths = new float[count];
        for (int i = 0; i < count; i++)
        {
            float inside = outwards ? edge - (i + 0.5f) : i + 0.5f - edge;
            widths[i] = length * Math.Clamp(((2 * length) - inside) / (1.5f * length), 0, 1);
        }

        return widths;
    }

    private static float InterpolatePrefixSum(float[] sums, int count, float position, int channel)
    {
        float at = Math.Clamp(position, 0, count);
        int whole = Math.Min((int)at, count - 1);
        float low = sums[(whole * 4) + channel];
        return low + ((at - whole) * (sums[((whole + 1) * 4) + channel] - low));
    }
}
