using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Resizing;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GoldenPipelineTests
{
    private static readonly float[] Mean = [123.675f, 116.28f, 103.53f];
    private static readonly float[] Std = [58.395f, 57.12f, 57.375f];

    [Fact]
    public void Keep_ratio_sizes_equal_the_official_ones()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("pipeline", "rescale_size.json")));
        int count = 0;
        foreach (JsonElement row in document.RootElement.GetProperty("rows").EnumerateArray())
        {
            (int w, int h) = (row.GetProperty("w").GetInt32(), row.GetProperty("h").GetInt32());
            int[] scale = [.. row.GetProperty("scale").EnumerateArray().Select(side => side.GetInt32())];
            ImageSize size = KeepRatio.GetSize(w, h, (scale[0], scale[1]));
            double deviation = Math.Max(
                Math.Abs(size.Width - row.GetProperty("new_w").GetInt32()), Math.Abs(size.Height - row.GetProperty("new_h").GetInt32()));
            deviation = Math.Max(deviation, Math.Abs(((double)size.Width / w) - row.GetProperty("scale_factor_w").GetDouble()));
            deviation = Math.Max(deviation, Math.Abs(((double)size.Height / h) - row.GetProperty("scale_factor_h").GetDouble()));
            GoldenReport.Record("pipeline/rescale_size", $"{w}x{h}@{scale[0]},{scale[1]}", deviation, 1e-12);
            count++;
        }

        Assert.NotEqual(0, count);
    }

    [Fact]
    public void Resizing_flipping_normalizing_and_padding_equal_the_official_pipeline()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("pipeline", "pipeline.json")));
        Safetensors tensors = Safetensors.Load(GoldenData.Require("pipeline", "pipeline.safetensors"));
        int count = 0;
        foreach (JsonElement item in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            string id = item.GetProperty("id").GetString()!;
            string function = item.GetProperty("fn").GetString()!;
            count++;
            switch (function)
            {
                case "Resize+RandomFlip+DetDataPreprocessor":
                    CheckPipeline(tensors, id, item);
                    break;
                case "DetDataPreprocessor on two images":
                    CheckBatch(tensors, id, item);
                    break;
                default:
                    Assert.Fail($"pipeline case {id}: unknown fn '{function}'");
                    break;
            }
        }

        Assert.NotEqual(0, count);
    }

    private static void CheckPipeline(Safetensors tensors, string id, JsonElement item)
    {
        JsonElement args = item.GetProperty("args");
        JsonElement scalars = item.GetProperty("scalars");
        int[] scale = Ints(args.GetProperty("scale_wh"));
        bool flip = args.GetProperty("flip").GetBoolean();
        RgbImage source = FromBgr(tensors, $"{id}.image_bgr");

        ImageSize size = KeepRatio.GetSize(source.Width, source.Height, (scale[0], scale[1]));
        Assert.Equal(Ints(scalars.GetProperty("img_shape")), new[] { size.Height, size.Width });
        float[] flat = tensors.Floats($"{id}.boxes");
        (float sx, float sy) = ((float)((double)size.Width / source.Width), (float)((double)size.Height / source.Height));
        Box[] boxes = [.. flat.Chunk(4).Select(b => new Box(b[0], b[1], b[2], b[3]).Scale(sx, sy).Clip(size.Width, size.Height))];
        TrainingSample sample = new(BilinearResizer.Resize(source, size.Width, size.Height), boxes, new int[boxes.Length]);

        // The reference keeps the resized image as it was before the flip.
        double worst = 0;
        RgbImage expected = FromBgr(tensors, $"{id}.resized_bgr");
        Assert.Equal(expected.Pixels.Length, sample.Image.Pixels.Length);
        for (int i = 0; i < expected.Pixels.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(expected.Pixels[i] - sample.Image.Pixels[i]));
        }

        GoldenReport.Record("pipeline/resize", id, worst, 0);
        sample = flip ? Flip.Horizontal(sample) : sample;
        float[] actualBoxes = [.. sample.Boxes.SelectMany(b => new[] { b.X1, b.Y1, b.X2, b.Y2 })];
        GoldenReport.Record("pipeline/boxes", id, GoldenReport.MaxRelative(actualBoxes, tensors.Floats($"{id}.boxes_out"), 1), 1e-6);
        CheckInput(tensors, id, [sample.Image], Ints(scalars.GetProperty("batch_input_shape")));
    }

    private static void CheckBatch(Safetensors tensors, string id, JsonElement item)
    {
        RgbImage[] images = [.. item.GetProperty("inputs").EnumerateArray().Select(name => FromBgrPlanes(tensors, $"{id}.{name.GetString()}"))];
        CheckInput(tensors, id, images, Ints(item.GetProperty("scalars").GetProperty("batch_input_shape")));
    }

    // The uint8 batch of ChwPacking, normalised as the detector does it, zero outside each image.
    private static void CheckInput(Safetensors tensors, string id, RgbImage[] images, int[] shape)
    {
        (int height, int width) = (Up32(images.Max(i => i.Height)), Up32(images.Max(i => i.Width)));
        Assert.Equal(shape, new[] { height, width });
        float[] actual = new float[images.Length * 3 * height * width];
        for (int n = 0; n < images.Length; n++)
        {
            byte[] planes = new byte[3 * height * width];
            ChwPacking.Write(images[n], planes, width, height);
            for (int i = 0; i < planes.Length; i++)
            {
                int channel = i / (height * width);
                (int y, int x) = (i / width % height, i % width);
                bool inside = y < images[n].Height && x < images[n].Width;
                actual[(n * planes.Length) + i] = inside ? (planes[i] - Mean[channel]) / Std[channel] : 0;
            }
        }

        GoldenReport.Record("pipeline/input", id, GoldenReport.MaxRelative(actual, tensors.Floats($"{id}.input"), 1), 1e-6);
    }

    private static int Up32(int value) => (value + 31) / 32 * 32;

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];

    private static RgbImage FromBgr(Safetensors tensors, string name)
    {
        long[] shape = tensors.Shape(name);
        byte[] pixels = [.. tensors.Longs(name).Chunk(3).SelectMany(bgr => new[] { (byte)bgr[2], (byte)bgr[1], (byte)bgr[0] })];
        return new((int)shape[1], (int)shape[0], pixels);
    }

    private static RgbImage FromBgrPlanes(Safetensors tensors, string name)
    {
        long[] shape = tensors.Shape(name);
        long[] planes = tensors.Longs(name);
        int area = (int)(shape[1] * shape[2]);
        RgbImage image = new((int)shape[2], (int)shape[1]);
        for (int i = 0; i < area; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                image.Pixels[(i * 3) + channel] = (byte)planes[((2 - channel) * area) + i];
            }
        }

        return image;
    }
}
