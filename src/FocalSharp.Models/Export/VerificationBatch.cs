using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Models.Export;

/// <summary>
/// A batch that an exported file is tried on. The first picture fills the input; each further one is smaller, and around it lie pixels that
/// must not count.
/// </summary>
/// <param name="Pixels">uint8 <c>[batch, height, width, 3]</c>.</param>
/// <param name="Frames">Where each picture's content lies.</param>
/// <param name="Height">Height of the input.</param>
/// <param name="Width">Width of the input.</param>
/// <param name="Description">In words, for messages.</param>
public sealed record VerificationBatch(byte[] Pixels, ResizeTransform[] Frames, int Height, int Width, string Description)
{
    // Larger ones would show nothing more, and a large detector is slow.
    private const int MaxSide = 416;
    private const int Divisor = 32;

    private static readonly int[] BatchSizes = [1, 2, 3];

    /// <summary>Random and real pictures, each at three sizes (one of them odd) and three batch sizes.</summary>
    /// <param name="rule">The detector's resize rule, which bounds the sizes.</param>
    /// <param name="real">At least one real picture.</param>
    public static IEnumerable<VerificationBatch> CreateAll(ResizeRule rule, IReadOnlyList<RgbImage> real)
    {
        int seed = 0;
        foreach ((int height, int width) in GetSizes(rule))
        {
            foreach (int batch in BatchSizes)
            {
                yield return CreateRandom(++seed, batch, height, width);
                yield return CreateFromImages(real, seed, batch, height, width);
            }
        }
    }

    /// <summary>Number of batches that <see cref="CreateAll"/> makes.</summary>
    public static int BatchCount => 2 * 3 * BatchSizes.Length;

    private static (int Height, int Width)[] GetSizes(ResizeRule rule)
    {
        int side = Math.Max(RoundUp(Math.Min(rule.LongSide, MaxSide)), 3 * Divisor);
        return [(RoundUp(side * 3 / 4), side), ((side * 61 / 100) | 1, (side * 47 / 100) | 1), (side, RoundUp(side * 5 / 8))];
    }

    /// <summary>Noise with coloured blocks.</summary>
    private static VerificationBatch CreateRandom(int seed, int batch, int height, int width)
    {
        Random random = new(seed);
        byte[] pixels = new byte[checked(batch * height * width * 3)];
        random.NextBytes(pixels);
        byte[] color = new byte[3];
        for (int i = 0; i < 8 * batch; i++)
        {
            random.NextBytes(color);
            (int image, int top, int left) = (i % batch, random.Next(height), random.Next(width));
            (int bottom, int right) = (Math.Min(height, top + random.Next(8, height)), Math.Min(width, left + random.Next(8, width)));
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                {
                    color.CopyTo(pixels, 3 * ((((image * height) + y) * width) + x));
                }
            }
        }

        return new VerificationBatch(pixels, CreateFrames(batch, height, width), height, width, $"random pictures, batch {batch}, {width}x{height}");
    }

    private static VerificationBatch CreateFromImages(IReadOnlyList<RgbImage> real, int seed, int batch, int height, int width)
    {
        ResizeTransform[] frames = CreateFrames(batch, height, width);
        byte[] pixels = new byte[checked(batch * height * width * 3)];
        new Random(seed).NextBytes(pixels);
        for (int i = 0; i < batch; i++)
        {
            RgbImage canvas = new(width, height, pixels.AsSpan(i * height * width * 3, height * width * 3).ToArray());
            BilinearResizer.Resize(real[(seed + i) % real.Count], canvas, frames[i].Width, frames[i].Height);
            canvas.Pixels.CopyTo(pixels, i * canvas.Pixels.Length);
        }

        return new VerificationBatch(pixels, frames, height, width, $"real pictures, batch {batch}, {width}x{height}");
    }

    private static ResizeTransform[] CreateFrames(int batch, int height, int width) =>
        [.. Enumerable.Range(0, batch).Select(i => new ResizeTransform(width - (i * width / 7), height - (i * height / 9)))];

    private static int RoundUp(int size) => (size + Divisor - 1) / Divisor * Divisor;
}
