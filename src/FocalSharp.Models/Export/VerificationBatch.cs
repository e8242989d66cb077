using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime.Sessions;

namespace FocalSharp.Models.Export;

/// <summary>
/// A batch that an exported file is verified on. The first image fills the input; each further one is smaller, with pixels around it that
/// must not affect the result.
/// </summary>
/// <param name="Pixels">uint8 <c>[batch, height, width, 3]</c>.</param>
/// <param name="Transforms">Position of each image's content.</param>
/// <param name="Size">Height and width of the input.</param>
/// <param name="Description">The batch in words, for messages.</param>
internal sealed record VerificationBatch(byte[] Pixels, ResizeTransform[] Transforms, ImageSize Size, string Description)
{
    // Larger inputs would verify nothing more, and a large detector is slow.
    private const int MaxSide = 416;
    private const int Divisor = 32;
    private const int PatternCount = 6;
    private const int PatternSide = 384;

    private static readonly int[] BatchSizes = [1, 2, 3];

    /// <summary>Gets the number of batches that <see cref="CreateAll"/> returns.</summary>
    public static int BatchCount => 2 * 3 * BatchSizes.Length;

    /// <summary>Creates batches of random and real images, each at three sizes (one of them odd) and three batch sizes.</summary>
    /// <param name="rule">The model's resize rule, which bounds the sizes.</param>
    /// <param name="images">Real images; if empty, drawn patterns.</param>
    public static IEnumerable<VerificationBatch> CreateAll(ResizeRule rule, IReadOnlyList<RgbImage> images)
    {
        IReadOnlyList<RgbImage> real = images.Count > 0 ? images : [.. Enumerable.Range(0, PatternCount).Select(CreatePattern)];
        int seed = 0;
        foreach (ImageSize size in GetSizes(rule))
        {
            foreach (int batch in BatchSizes)
            {
                yield return CreateRandom(++seed, batch, size);
                yield return CreateFromImages(real, seed, batch, size);
            }
        }
    }

    /// <summary>Runs a model that outputs detections.</summary>
    /// <returns>The detections of each image, highest score first, in pixels of the input; nothing is filtered.</returns>
    public Detection[][] Detect(ModelSession session, PostprocessOptions options)
    {
        IReadOnlyDictionary<string, float[]> outputs = session.Run(Pixels, Transforms, Size, options);
        int max = outputs["scores"].Length / Transforms.Length;
        return [.. Transforms.Select((_, image) => Enumerable.Range(image * max, (int)outputs["count"][image]).Select(ReadRow).ToArray())];

        Detection ReadRow(int row)
        {
            ReadOnlySpan<float> box = outputs["boxes"].AsSpan(4 * row, 4);
            ReadOnlySpan<float> deviation = outputs["deviations"].AsSpan(4 * row, 4);
            return new Detection(
                new Box(box[0], box[1], box[2], box[3]),
                (int)outputs["labels"][row],
                outputs["scores"][row],
                new SideValues(deviation[0], deviation[1], deviation[2], deviation[3]));
        }
    }

    private static ImageSize[] GetSizes(ResizeRule rule)
    {
        int side = Math.Max(RoundUp(Math.Min(rule.LongSide, MaxSide)), 3 * Divisor);
        return [new(side, RoundUp(side * 3 / 4)), new((side * 47 / 100) | 1, (side * 61 / 100) | 1), new(RoundUp(side * 5 / 8), side)];
    }

    /// <summary>Noise with colored blocks.</summary>
    private static VerificationBatch CreateRandom(int seed, int batch, ImageSize size)
    {
        (int width, int height) = (size.Width, size.Height);
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

        return new VerificationBatch(pixels, CreateTransforms(batch, size), size, $"random images, batch {batch}, {size}");
    }

    private static VerificationBatch CreateFromImages(IReadOnlyList<RgbImage> real, int seed, int batch, ImageSize size)
    {
        ResizeTransform[] transforms = CreateTransforms(batch, size);
        int length = size.Height * size.Width * 3;
        byte[] pixels = new byte[checked(batch * length)];
        new Random(seed).NextBytes(pixels);
        for (int i = 0; i < batch; i++)
        {
            RgbImage canvas = new(size.Width, size.Height, pixels.AsSpan(i * length, length).ToArray());
            BilinearResizer.Resize(real[(seed + i) % real.Count], canvas, transforms[i].Width, transforms[i].Height);
            canvas.Pixels.CopyTo(pixels, i * length);
        }

        return new VerificationBatch(pixels, transforms, size, $"real images, batch {batch}, {size}");
    }

    /// <summary>Shaded ellipses, rectangles and rings on a gradient: smooth areas and clear edges, where detectors respond.</summary>
    private static RgbImage CreatePattern(int seed)
    {
        Random random = new(seed);
        RgbImage image = new(PatternSide, PatternSide);
        double[] gradient = [.. Enumerable.Range(0, 9).Select(i => random.NextDouble() * (i % 3 == 0 ? 160 : 60))];
        Draw(0, 0, PatternSide, PatternSide, (x, y, channel) => gradient[channel * 3] + (gradient[(channel * 3) + 1] * x) + (gradient[(channel * 3) + 2] * y));
        for (int i = 0; i < 10; i++)
        {
            int width = random.Next(16, PatternSide / 3);
            int height = Math.Clamp((int)(width * (0.5 + (1.5 * random.NextDouble()))), 12, PatternSide / 2);
            (int left, int top, int kind) = (random.Next(PatternSide - width), random.Next(PatternSide - height), i % 3);
            double[] color = [.. Enumerable.Range(0, 3).Select(_ => 40 + (random.NextDouble() * 200))];
            Draw(left, top, width, height, (x, y, channel) =>
            {
                double radius = ((2 * x - 1) * (2 * x - 1)) + ((2 * y - 1) * (2 * y - 1));
                bool inside = kind switch { 0 => radius <= 1, 1 => true, _ => radius is <= 1 and >= 0.4 };
                return inside ? color[channel] * (1 - (0.4 * y)) : double.NaN;
            });
        }

        return image;

        void Draw(int left, int top, int width, int height, Func<double, double, int, double> shade)
        {
            for (int y = 0; y < height; y++)
            {
                Span<byte> row = image.Row(top + y);
                for (int x = 0; x < width; x++)
                {
                    for (int channel = 0; channel < 3; channel++)
                    {
                        double value = shade(x / (double)width, y / (double)height, channel);
                        if (!double.IsNaN(value))
                        {
                            row[((left + x) * 3) + channel] = (byte)Math.Clamp(value, 0, 255);
                        }
                    }
                }
            }
        }
    }

    private static ResizeTransform[] CreateTransforms(int batch, ImageSize size) =>
        [.. Enumerable.Range(0, batch).Select(i => new ResizeTransform(size.Width - (i * size.Width / 7), size.Height - (i * size.Height / 9)))];

    private static int RoundUp(int size) => (size + Divisor - 1) / Divisor * Divisor;
}
