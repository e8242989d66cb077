using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Training.Data;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Data;

public sealed class SampleLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_official_pipeline_keeps_the_ratio_and_pads_the_batch_to_multiples_of_32()
    {
        SampleLoader loader = new(Images((100, 50), (80, 60)), ResizeAndFlip(longSide: 200, shortSide: 64) with { Augmentation = AugmentationOptions.None }, seed: 0);

        TrainingBatch batch = Assert.Single(loader.LoadEpoch(0));

        Assert.Equal((128, 64), (batch.Width, batch.Height));
        int wide = batch.Images.ToList().IndexOf(0);
        Assert.Equal((128, 64), (batch.Frames[wide].Width, batch.Frames[wide].Height));
        Assert.Equal([12.8f, 12.8f, 64f, 38.4f], batch.Targets[wide].Boxes.Select(edge => MathF.Round(edge, 4)));
        int narrow = 1 - wide;
        Assert.Equal((85, 64), (batch.Frames[narrow].Width, batch.Frames[narrow].Height));
        Assert.Equal(0, batch.Pixels[(narrow * 3 * 128 * 64) + 127]); // padding right of the narrower image
    }

    [Fact]
    public void Upright_and_lying_images_do_not_share_a_batch()
    {
        SampleLoader loader = new(Images((100, 50), (50, 100), (90, 60), (60, 90)), ResizeAndFlip(200, 64), seed: 0);

        Assert.All(loader.LoadEpoch(0), batch => Assert.Single(batch.Frames.Select(frame => frame.Width < frame.Height).Distinct()));
    }

    [Fact]
    public void Batches_depend_on_seed_and_epoch_alone()
    {
        DetectionDataset images = Images((100, 50), (80, 60), (64, 64), (40, 90));
        Recipe recipe = Canvas();
        byte[] Pixels(int seed, int epoch, int workers) =>
            [.. new SampleLoader(images, recipe, seed).LoadEpoch(epoch, workers).SelectMany(batch => batch.Pixels)];

        Assert.Equal(Pixels(1, 2, workers: 1), Pixels(1, 2, workers: 4));
        Assert.NotEqual(Pixels(1, 2, 1), Pixels(1, 3, 1));
        Assert.NotEqual(Pixels(1, 2, 1), Pixels(2, 2, 1));
    }

    [Fact]
    public void Crowds_are_not_targets()
    {
        DetectionDataset images = Images((64, 64), (64, 64));
        DatasetImage first = images.Images[0];
        images = images with { Images = [first with { Objects = [first.Objects[0] with { IsCrowd = true }] }, images.Images[1]] };

        TrainingBatch batch = Assert.Single(new SampleLoader(images, ResizeAndFlip(64, 64), seed: 0).LoadEpoch(0));

        Assert.Equal(0, batch.Targets[batch.Images.ToList().IndexOf(0)].Count);
        Assert.Equal(1, batch.Targets[batch.Images.ToList().IndexOf(1)].Count);
    }

    [Fact]
    public void A_consumer_may_stop_early()
    {
        SampleLoader loader = new(Images((64, 64), (64, 64), (64, 64), (64, 64)), Canvas() with { BatchSize = 1 }, seed: 0);

        Assert.NotNull(loader.LoadEpoch(0, workers: 2).First());
    }

    [Fact]
    public void A_missing_image_is_named()
    {
        DetectionDataset images = Images((64, 64), (64, 64));
        File.Delete(images.Images[1].Path);

        FocalSharpException error = Assert.ThrowsAny<FocalSharpException>(() => new SampleLoader(images, ResizeAndFlip(64, 64), seed: 0).LoadEpoch(0).Count());

        Assert.Contains("1.png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cache_stops_at_its_bound()
    {
        DetectionDataset images = Images((64, 64), (64, 64));
        ImageCache cache = new(64 * 64 * 3, maxLongSide: 0);

        Assert.Equal(64, cache.Get(images.Images[0]).Width);
        Assert.Equal(64, cache.Get(images.Images[1]).Width);

        Assert.Equal(64 * 64 * 3, cache.Bytes);
    }

    private static Recipe ResizeAndFlip(int longSide, int shortSide) => new()
    {
        BatchSize = 2,
        Input = new InputOptions { LongSide = longSide, ShortSide = shortSide },
        Augmentation = AugmentationOptions.ResizeAndFlip,
    };

    private static Recipe Canvas() => new()
    {
        BatchSize = 2,
        Input = new InputOptions { LongSide = 64, ShortSide = 64, SquareCanvas = true },
        Augmentation = new AugmentationOptions { Mosaic = 0.5 },
    };

    private DetectionDataset Images(params (int Width, int Height)[] sizes) => new()
    {
        Name = "images",
        Classes = ["thing"],
        CategoryIds = [1],
        Images = [.. sizes.Select((size, i) => Image(i, size.Width, size.Height))],
    };

    private DatasetImage Image(int index, int width, int height)
    {
        string path = Path.Combine(_folder, $"{index}.png");
        RgbImage image = new(width, height);
        image.Pixels.AsSpan().Fill((byte)(100 + index));
        ImageEncoder.SavePng(image, path);
        return new DatasetImage
        {
            Id = index + 1,
            FileName = $"{index}.png",
            Path = path,
            Width = width,
            Height = height,
            Objects = [new ObjectAnnotation { Label = 0, Box = new Box(10, 10, 50, 30), Area = 800 }],
        };
    }
}
