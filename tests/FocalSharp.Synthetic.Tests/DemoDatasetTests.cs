using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Synthetic.Tests;

public sealed class DemoDatasetTests : IDisposable
{
    private static readonly DemoOptions Few = new()
    {
        TrainImages = 6,
        ValImages = 3,
        Seed = 4,
        Scenes = new SceneOptions { ImageSize = 96 },
    };

    private readonly TemporaryFolder _root = new();

    private string Folder => _root.In("demo");

    [Fact]
    public void Names_eight_everyday_classes()
        => Assert.Equal(["car", "house", "tree", "fish", "cup", "key", "umbrella", "cat"], DemoDataset.Classes);

    [Fact]
    public void Objects_and_their_side_blur_are_written_and_read_back()
    {
        DetectionDataset dataset = DemoDataset.Create(Folder, Few);
        SceneGenerator generator = new(Few.Scenes with { Seed = 4 });

        Assert.Empty(dataset.Problems);
        Assert.Equal(DemoDataset.Classes, dataset.Classes);
        foreach (DatasetSplit split in (ReadOnlySpan<DatasetSplit>)[DatasetSplit.Train, DatasetSplit.Val])
        {
            int count = split == DatasetSplit.Train ? 6 : 3;
            DatasetImage[] images = [.. dataset.Select(split).Images.OrderBy(image => image.Path)];
            Assert.Equal(count, images.Length);
            for (int i = 0; i < count; i++)
            {
                Scene scene = generator.Render(i, split);
                AssertAlike(scene.Objects, images[i].Objects);
                AssertAlike(scene.Image, ImageDecoder.Decode(images[i].Path));
            }
        }
    }

    [Fact]
    public void Reports_progress_up_to_the_last_image()
    {
        RecordedProgress progress = new();
        DemoDataset.Create(Folder, Few, progress);
        Assert.Contains(new DemoProgress(9, 9), progress.Reports);
    }

    [Fact]
    public void A_complete_folder_is_reused()
    {
        DetectionDataset first = DemoDataset.Create(Folder, Few);
        string image = first.Images[0].Path;
        File.WriteAllBytes(image, [1, 2, 3]);
        RecordedProgress progress = new();
        DemoDataset.Create(Folder, Few, progress);
        Assert.Empty(progress.Reports);
        Assert.Equal(3, new FileInfo(image).Length);
    }

    [Fact]
    public void Other_options_generate_the_folder_again_without_old_images()
    {
        DemoDataset.Create(Folder, Few);
        DetectionDataset second = DemoDataset.Create(Folder, Few with { TrainImages = 2, Seed = 5 });
        Assert.Equal(5, second.Images.Count);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(Folder, "images", "train")).Length);
        DetectionDataset expected = DemoDataset.Create(_root.In("fresh"), Few with { TrainImages = 2, Seed = 5 });
        foreach ((DatasetImage redrawn, DatasetImage fresh) in second.Images.Zip(expected.Images))
        {
            Assert.Equal(File.ReadAllBytes(fresh.Path), File.ReadAllBytes(redrawn.Path));
        }
    }

    [Fact]
    public void An_incomplete_folder_is_generated_again()
    {
        DetectionDataset dataset = DemoDataset.Create(Folder, Few);
        File.Delete(dataset.Images[1].Path);
        Assert.Equal(9, DemoDataset.Create(Folder, Few).Images.Count);

        using CancellationTokenSource stop = new();
        RecordedProgress progress = new(_ => stop.Cancel());
        DemoOptions more = Few with { TrainImages = 200 };
        Assert.Throws<OperationCanceledException>(() => DemoDataset.Create(Folder, more, progress, stop.Token));
        Assert.Equal(203, DemoDataset.Create(Folder, more).Images.Count);
    }

    [Fact]
    public void A_folder_with_other_files_is_rejected_and_not_changed()
    {
        Directory.CreateDirectory(Folder);
        string own = Path.Combine(Folder, "holiday.txt");
        File.WriteAllText(own, "mine");
        FileException error = Assert.Throws<FileException>(() => DemoDataset.Create(Folder, Few));
        Assert.Contains("contains files", error.Message, StringComparison.Ordinal);
        Assert.Equal([own], Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public void Other_files_in_a_demo_folder_are_not_deleted()
    {
        DemoDataset.Create(Folder, Few);
        string own = Path.Combine(Folder, "images", "train", "notes.txt");
        File.WriteAllText(own, "mine");
        DemoDataset.Create(Folder, Few with { Seed = 6 });
        Assert.Equal("mine", File.ReadAllText(own));
    }

    [Fact]
    public void A_file_instead_of_a_folder_is_rejected()
    {
        File.WriteAllText(Folder, "a file");
        FileException error = Assert.Throws<FileException>(() => DemoDataset.Create(Folder, Few));
        Assert.Contains("is a file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Concurrent_calls_generate_one_data_set()
    {
        DetectionDataset[] results = new DetectionDataset[2];
        Parallel.For(0, 2, i => results[i] = DemoDataset.Create(Folder, Few));
        Assert.All(results, dataset => Assert.Equal(9, dataset.Images.Count));
    }

    [Theory]
    [InlineData(0, 3, "TrainImages is 0")]
    [InlineData(5, -1, "ValImages is -1")]
    public void Rejects_counts_out_of_range(int train, int val, string expected)
    {
        OptionException error = Assert.Throws<OptionException>(
            () => DemoDataset.Create(Folder, Few with { TrainImages = train, ValImages = val }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
    }

    public void Dispose() => _root.Dispose();

    private static void AssertAlike(IReadOnlyList<ObjectAnnotation> drawn, IReadOnlyList<ObjectAnnotation> read)
    {
        Assert.Equal(drawn.Count, read.Count);
        foreach ((ObjectAnnotation expected, ObjectAnnotation actual) in drawn.Zip(read))
        {
            Assert.Equal(expected.Label, actual.Label);
            Assert.Equal(expected.Box.X1, actual.Box.X1, 1e-3f);
            Assert.Equal(expected.Box.Y1, actual.Box.Y1, 1e-3f);
            Assert.Equal(expected.Box.X2, actual.Box.X2, 1e-3f);
            Assert.Equal(expected.Box.Y2, actual.Box.Y2, 1e-3f);
            for (int side = 0; side < 4; side++)
            {
                Assert.Equal(expected.SideBlur!.Value[side], actual.SideBlur!.Value[side], 1e-3f);
            }
        }
    }

    // JPEG encoding is deterministic, so the pixels must be equal.
    private static void AssertAlike(RgbImage drawn, RgbImage read)
    {
        using MemoryStream stored = new();
        ImageEncoder.SaveJpeg(drawn, stored, Few.JpegQuality);
        Assert.Equal(ImageDecoder.Decode(stored.ToArray()).Pixels, read.Pixels);
    }

    private sealed class RecordedProgress(Action<DemoProgress>? then = null) : IProgress<DemoProgress>
    {
        private readonly List<DemoProgress> _reports = [];

        public IReadOnlyList<DemoProgress> Reports => _reports;

        public void Report(DemoProgress value)
        {
            lock (_reports)
            {
                _reports.Add(value);
            }

            then?.Invoke(value);
        }
    }
}
