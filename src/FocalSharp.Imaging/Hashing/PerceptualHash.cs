namespace FocalSharp.Imaging.Hashing;

/// <summary>
/// A 64-bit hash that a picture keeps when it is saved again, scaled or brightened: the signs, against their median, of the lowest 8x8
/// frequencies of its discrete cosine transform (Zauner 2010, "Implementation and benchmarking of perceptual image hash functions").
/// </summary>
public static class PerceptualHash
{
    /// <summary>Side of the square of grey values that is transformed.</summary>
    public const int Side = 32;

    private const int Kept = 8;

    private static readonly double[] Cosines = MakeCosines();

    /// <summary>The hash of a picture and of its mirror image.</summary>
    /// <param name="grey">The picture shrunk to 32x32 grey values, row by row.</param>
    public static (ulong Hash, ulong Mirrored) Of(ReadOnlySpan<float> grey)
    {
        if (grey.Length != Side * Side)
        {
            throw new ArgumentException($"{grey.Length} values; give {Side}x{Side}.", nameof(grey));
        }

        Span<double> rows = stackalloc double[Side * Kept];
        for (int y = 0; y < Side; y++)
        {
            for (int u = 0; u < Kept; u++)
            {
                double sum = 0;
                for (int x = 0; x < Side; x++)
                {
                    sum += grey[(y * Side) + x] * Cosines[(u * Side) + x];
                }

                rows[(y * Kept) + u] = sum;
            }
        }

        Span<double> values = stackalloc double[Kept * Kept];
        for (int v = 0; v < Kept; v++)
        {
            for (int u = 0; u < Kept; u++)
            {
                double sum = 0;
                for (int y = 0; y < Side; y++)
                {
                    sum += rows[(y * Kept) + u] * Cosines[(v * Side) + y];
                }

                values[(v * Kept) + u] = sum;
            }
        }

        values[0] = 0; // brightness says nothing
        ulong hash = Bits(values);
        for (int i = 1; i < values.Length; i += 2)
        {
            values[i] = -values[i]; // mirrored, every odd horizontal frequency changes its sign
        }

        return (hash, Bits(values));
    }

    /// <summary>Bits in which two hashes differ, 0 to 64.</summary>
    public static int Distance(ulong a, ulong b) => System.Numerics.BitOperations.PopCount(a ^ b);

    private static ulong Bits(ReadOnlySpan<double> values)
    {
        Span<double> sorted = stackalloc double[Kept * Kept];
        values.CopyTo(sorted);
        sorted.Sort();
        double median = (sorted[(Kept * Kept / 2) - 1] + sorted[Kept * Kept / 2]) / 2;
        ulong hash = 0;
        for (int i = 0; i < values.Length; i++)
        {
            hash |= values[i] > median ? 1UL << i : 0;
        }

        return hash;
    }

    private static double[] MakeCosines()
    {
        double[] cosines = new double[Kept * Side];
        for (int u = 0; u < Kept; u++)
        {
            for (int x = 0; x < Side; x++)
            {
                cosines[(u * Side) + x] = Math.Cos(Math.PI * u * ((2 * x) + 1) / (2 * Side));
            }
        }

        return cosines;
    }
}
