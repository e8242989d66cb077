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
    public void An_image_that_cannot_be_read_is_replaced_by_the_next_and_named()
    {
        DetectionDataset images = Images((64, 64), (64, 64), (64, 64));
        Truncate(images.Images[1].Path);
        BadImages bad = new(FailureAction.Skip, total: 3, "training");
        List<string> warnings = [];
        Recipe recipe = ResizeAndFlip(64, 64) with { BatchSize = 3, Augmentation = AugmentationOptions.None };

        TrainingBatch batch = Assert.Single(new SampleLoader(images, recipe, seed: 0, badImages: bad, warn: warnings.Add).LoadEpoch(0));

        // Each image has its own gray: 100, 101 and 102; the second is replaced by the third.
        Assert.Equal([(byte)100, (byte)102, (byte)102], Enumerable.Range(0, 3).Select(i => batch.Pixels[i * 3 * 64 * 64]).Order().ToArray());
        Assert.Equal([images.Images[1].Path], bad.Paths);
        Assert.Contains("1.png", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Replacements_do_not_depend_on_the_number_of_workers()
    {
        DetectionDataset images = Images((64, 64), (64, 64), (64, 64), (64, 64));
        Truncate(images.Images[2].Path);
        byte[] Pixels(int workers)
        {
            SampleLoader loader = new(images, Canvas(), seed: 3, badImages: new BadImages(FailureAction.Skip, 4, "training"));
            return [.. loader.LoadEpoch(0, workers).Concat(loader.LoadEpoch(1, workers)).SelectMany(batch => batch.Pixels)];
        }

        Assert.Equal(Pixels(1), Pixels(4));
    }

    [Fact]
    public void More_than_one_percent_of_unreadable_images_stop_the_run()
    {
        BadImages bad = new(FailureAction.Skip, total: 300, "training");
        for (int i = 0; i < 3; i++)
        {
            bad.Add($"{i}.jpg", new ImageException($"{i}.jpg: the image is truncated."));
            bad.Add($"{i}.jpg", new ImageException($"{i}.jpg: the image is truncated.")); // counts once
        }

        DatasetException error = Assert.Throws<DatasetException>(() => bad.Add("3.jpg", new ImageException("3.jpg: the image is truncated.")));

        Assert.Contains("4 of 300 images for training cannot be read", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.jpg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_image_stops_the_run_if_so_requested()
    {
        DetectionDataset images = Images((64, 64), (64, 64));
        Truncate(images.Images[0].Path);
        SampleLoader loader = new(images, ResizeAndFlip(64, 64), seed: 0, badImages: new BadImages(FailureAction.Stop, 2, "training"));

        Assert.Contains("0.png", Assert.Throws<ImageException>(() => loader.LoadEpoch(0).Count()).Message, StringComparison.Ordinal);
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

    private static void Truncate(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 2 / 3)]);
    }

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
