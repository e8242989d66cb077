namespace FocalSharp.Imaging.Hashing;

/// <summary>
/// A 64-bit hash that does not change when an image is recompressed, scaled or brightened: the signs, relative to their median, of the lowest
/// 8x8 frequencies of the discrete cosine transform (Zauner 2010, "Implementation and benchmarking of perceptual image hash functions").
/// </summary>
internal static class PerceptualHash
{
    /// <summary>Side of the square of gray values that is transformed.</summary>
    public const int Side = 32;

    private const int FrequencyCount = 8;

    private static readonly double[] Cosines = CreateCosines();

    /// <summary>Computes the hash of an image and of its mirror image.</summary>
    /// <param name="gray">The image resized to 32x32 gray values, row by row.</param>
    public static (ulong Hash, ulong Mirrored) Compute(ReadOnlySpan<float> gray)
    {
        if (gray.Length != Side * Side)
        {
            throw new ArgumentException($"{gray.Length} values; give {Side}x{Side}.", nameof(gray));
        }

        Span<double> rows = stackalloc double[Side * FrequencyCount];
        for (int y = 0; y < Side; y++)
        {
            for (int u = 0; u < FrequencyCount; u++)
            {
                double sum = 0;
                for (int x = 0; x < Side; x++)
                {
                    sum += gray[(y * Side) + x] * Cosines[(u * Side) + x];
                }

                rows[(y * FrequencyCount) + u] = sum;
            }
        }

        Span<double> values = stackalloc double[FrequencyCount * FrequencyCount];
        for (int v = 0; v < FrequencyCount; v++)
        {
            for (int u = 0; u < FrequencyCount; u++)
            {
                double sum = 0;
                for (int y = 0; y < Side; y++)
                {
                    sum += rows[(y * FrequencyCount) + u] * Cosines[(v * Side) + y];
                }

                values[(v * FrequencyCount) + u] = sum;
            }
        }

        values[0] = 0; // brightness does not matter
        ulong hash = ToBits(values);
        for (int i = 1; i < values.Length; i += 2)
        {
            values[i] = -values[i]; // mirrored, every odd horizontal frequency changes its sign
        }

        return (hash, ToBits(values));
    }

    /// <summary>Returns the number of bits in which two hashes differ, 0 to 64.</summary>
    public static int Distance(ulong a, ulong b) => System.Numerics.BitOperations.PopCount(a ^ b);

    private static ulong ToBits(ReadOnlySpan<double> values)
    {
        Span<double> sorted = stackalloc double[FrequencyCount * FrequencyCount];
        values.CopyTo(sorted);
        sorted.Sort();
        double median = (sorted[(FrequencyCount * FrequencyCount / 2) - 1] + sorted[FrequencyCount * FrequencyCount / 2]) / 2;
        ulong hash = 0;
        for (int i = 0; i < values.Length; i++)
        {
            hash |= values[i] > median ? 1UL << i : 0;
        }

        return hash;
    }

    private static double[] CreateCosines()
    {
        double[] cosines = new double[FrequencyCount * Side];
        for (int u = 0; u < FrequencyCount; u++)
        {
            for (int x = 0; x < Side; x++)
            {
                cosines[(u * Side) + x] = Math.Cos(Math.PI * u * ((2 * x) + 1) / (2 * Side));
            }
        }

        return cosines;
    }
}
