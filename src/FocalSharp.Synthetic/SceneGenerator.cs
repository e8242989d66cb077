using FocalSharp.Datasets;
using FocalSharp.Imaging;
using SkiaSharp;

namespace FocalSharp.Synthetic;

/// <summary>
/// Generates detection scenes of everyday objects on a cluttered background, with random shape, colors, pose and light, and with blurred
/// and hidden sides. Classes are equally likely; colors, sizes and positions do not depend on the class, so only the shape identifies it.
/// </summary>
public sealed class SceneGenerator
{
    private readonly SceneOptions _options;

    /// <summary>Initializes a generator.</summary>
    /// <param name="options">How scenes are generated.</param>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public SceneGenerator(SceneOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <summary>
    /// Generates a scene, which depends only on the options, the split and the index. May be called from any thread.
    /// </summary>
    /// <param name="index">The 0-based index of the scene in its split.</param>
    /// <param name="split">The split. <see cref="DatasetSplit.Val"/> has shape parameters and hues that no other split has.</param>
    public Scene Render(int index, DatasetSplit split)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        SceneRandom random = SceneRandom.Create(_options.Seed, (int)split, index);
        SceneLayout layout = new(_options, random);
        int count = 1 + random.NextInt32(_options.MaxObjects);
        for (int i = 0; i < count; i++)
        {
            layout.TryPlace(SceneObject.Draw(_options, random, split));
        }

        RgbImage image = Paint(layout.PlacedObjects, random, split);
        ObjectAnnotation[] objects = [.. Enumerable.Range(0, layout.PlacedObjects.Count).Select(layout.Annotate)];
        return new Scene(image, objects, layout.PlacedObjects);
    }

    private RgbImage Paint(IReadOnlyList<SceneObject> objects, SceneRandom random, DatasetSplit split)
    {
        int size = _options.ImageSize;
        using SKBitmap bitmap = new(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (SKCanvas canvas = new(bitmap))
        {
            new SceneBackground(canvas, size, random, split).Draw();
            float angle = random.NextSingleInRange(0.4f, 2.7f);
            float strength = random.NextSingleInRange(60, 150);
            foreach (SceneObject item in objects)
            {
                PaintObject(canvas, item, angle, (byte)strength);
            }
        }

        return AddNoise(bitmap.GetPixelSpan(), size, random);
    }

    private static void PaintObject(SKCanvas canvas, SceneObject item, float angle, byte strength)
    {
        SKImageInfo info = new(item.Layer.Width, item.Layer.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using SKImage layer = SKImage.FromPixelCopy(info, item.Layer.Pixels);
        float reach = Math.Max(item.Mask.Width, item.Mask.Height) * 0.035f;
        using SKImageFilter shadow = SKImageFilter.CreateDropShadow(
            reach * MathF.Cos(angle), reach * MathF.Sin(angle), reach * 0.8f, reach * 0.8f, SKColors.Black.WithAlpha(strength));
        using SKPaint paint = new() { ImageFilter = shadow };
        canvas.DrawImage(layer, item.X, item.Y, SKSamplingOptions.Default, paint);
    }

    // Camera noise over the whole image, so that flat colors do not identify objects.
    private static RgbImage AddNoise(ReadOnlySpan<byte> rgba, int size, SceneRandom random)
    {
        RgbImage image = new(size, size);
        byte[] pixels = image.Pixels;
        float strength = random.NextSingleInRange(0.5f, 7);
        for (int i = 0, o = 0; i < rgba.Length; i += 4, o += 3)
        {
            ulong bits = random.NextUInt64();
            float bell = ((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF)) * (1f / 0xFFFF) - 1.5f;
            float grain = bell * 2 * strength;
            pixels[o] = (byte)Math.Clamp(rgba[i] + grain + 0.5f, 0, 255);
            pixels[o + 1] = (byte)Math.Clamp(rgba[i + 1] + grain + 0.5f, 0, 255);
            pixels[o + 2] = (byte)Math.Clamp(rgba[i + 2] + grain + 0.5f, 0, 255);
        }

        return image;
    }
}
