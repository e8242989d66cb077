using FocalSharp.Boxes;
using FocalSharp.Cli.Conversion;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Patching;
using FocalSharp.Datasets.Tiling;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Cli.Tests;

public sealed class ConvertTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    [Theory]
    [InlineData("coco")]
    [InlineData("voc")]
    [InlineData("yolo")]
    public async Task Converts_images_boxes_and_splits(string format)
    {
        string target = _sample.PathOf("converted");

        ToolResult run = await ToolResult.InvokeAsync("convert", _sample.Yolo(), "--to", format, "--out", target);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("2 images with 2 objects", run.Output, StringComparison.Ordinal);
        DetectionDataset back = DatasetReader.Read(target);
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], back.Images.Select(image => image.Split).Order());
        Assert.Equal(16, back.Images.Single(image => image.Objects.Count == 2).Objects[0].Box.X1, 0.01);
    }

    [Fact]
    public async Task Does_not_write_to_a_folder_with_files_without_overwrite()
    {
        string source = _sample.Yolo();
        _sample.Write("full/notes.txt", "mine");

        ToolResult refused = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("full"));
        ToolResult overwritten = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("full"), "--overwrite");

        refused.AssertUserError("not empty");
        Assert.Equal(0, overwritten.ExitCode);
        Assert.Equal("mine", File.ReadAllText(_sample.PathOf("full", "notes.txt")));
    }

    [Fact]
    public async Task An_unwritable_folder_is_one_clear_error()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");

        ToolResult run = await ToolResult.InvokeAsync("convert", _sample.Yolo(), "--to", "voc", "--out", "/proc/focalsharp");

        run.AssertUserError("/proc/focalsharp");
    }

    [Fact]
    public async Task A_patch_is_applied_where_it_is_named_and_announced_where_it_is_not()
    {
        string source = _sample.Yolo();
        DetectionDataset before = DatasetReader.Read(source);
        DatasetImage image = before.Images.Single(one => one.Objects.Count == 2);
        PatchLabel first = new(before.Classes[image.Objects[0].Label], image.Objects[0].Box);
        string patch = LabelPatch.GetPath(source);
        new LabelPatch { Edits = [new LabelEdit(image.FileName, first, null), new LabelEdit("none.jpg", null, first)] }.Save(patch);

        ToolResult plain = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("plain"));
        ToolResult patched = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("patched"), "--patch", patch);
        ToolResult broken = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("broken"), "--patch", _sample.Write("broken.json", "{}"));

        Assert.Contains("which are not applied. Apply them with --patch", plain.Error, StringComparison.Ordinal);
        Assert.Equal(2, DatasetReader.Read(_sample.PathOf("plain")).ObjectCount);
        Assert.Contains("1 of 2 edits applied, 1 in conflict with the data set", patched.Output, StringComparison.Ordinal);
        Assert.Contains("edit 2, none.jpg: the data set has no such image", patched.Error, StringComparison.Ordinal);
        Assert.Equal(1, DatasetReader.Read(_sample.PathOf("patched")).ObjectCount);
        Assert.Equal(2, DatasetReader.Read(source).ObjectCount);
        broken.AssertUserError("cannot be read as a label patch");
    }

    [Fact]
    public async Task Large_images_are_cut_into_tiles_with_the_objects_in_them()
    {
        string source = _sample.Yolo("0 0.5 0.5 0.5 0.5\n1 0.75 0.75 0.25 0.25\n"); // 16,12 to 48,36 and 40,30 to 56,42

        ToolResult run = await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("tiles"), "--tiles", "40", "--overlap", "0.2", "--min-visible", "0.6");

        Assert.True(run.ExitCode == 0, run.Error);
        DetectionDataset tiles = DatasetReader.Read(_sample.PathOf("tiles"));
        DatasetImage[] train = [.. tiles.Images.Where(image => image.Split == DatasetSplit.Train)];
        Assert.Equal((4, 4), (train.Length, tiles.Images.Count - train.Length));
        Assert.All(tiles.Images, image => Assert.Equal((40, 40), (image.Width, image.Height)));
        DatasetImage last = train.Single(image => image.FileName.EndsWith("a_24_8.png", StringComparison.Ordinal));
        Assert.Equal([new Box(0, 4, 24, 28), new Box(16, 22, 32, 34)], last.Objects.Select(item => item.Box));
        Assert.Equal(3 * (24 + 5), ImageDecoder.Decode(last.Path).Row(7)[3 * 5]);
        (await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("none"), "--drop-empty")).AssertUserError("Add --tiles");
        (await ToolResult.InvokeAsync("convert", source, "--to", "coco", "--out", _sample.PathOf("none"), "--tiles", "40", "--no-images")).AssertUserError("--no-images");
    }

    [Fact]
    public void Tiles_of_an_image_that_is_read_by_rows_are_the_same()
    {
        RgbImage image = new(150, 130);
        Random.Shared.NextBytes(image.Pixels);
        string path = _sample.PathOf("noise.png");
        ImageEncoder.SavePng(image, path);
        DetectionDataset dataset = new()
        {
            Name = "noise",
            Classes = ["thing"],
            CategoryIds = [1],
            Images = [new DatasetImage { Id = 1, FileName = "noise.png", Path = path, Width = 150, Height = 130 }],
        };
        TiledDataset tiled = TiledDataset.Create(dataset, new TileOptions { Size = 64, WholeImage = true }, 0.5, dropEmpty: false);
        foreach ((string folder, long limit) in new[] { ("whole", 1_000_000), ("rows", 1_000L) })
        {
            ImageDecodeOptions options = new() { MaxWholePixels = limit };
            DatasetWriter.WriteWithImages(
                tiled.Dataset, DatasetFormats.Yolo, _sample.PathOf(folder), null, (images, full) => TileImages.WriteAll(tiled, images, full, options, new Progress<int>(), default));
        }

        string[] files = [.. Directory.GetFiles(_sample.PathOf("whole"), "*.png", SearchOption.AllDirectories).Order()];
        Assert.Equal(tiled.Tiles.Count, files.Length);
        foreach ((string file, Tile? tile) in tiled.Dataset.Images.Select((one, i) => (files.Single(name => Path.GetFileName(name) == one.FileName), tiled.Tiles[i])))
        {
            RgbImage cut = ImageDecoder.Decode(file);
            Tile place = tile ?? new Tile(0, 0, 150, 130);
            Assert.Equal(image.View.Crop(place.X, place.Y, place.Width, place.Height).ToImage().Pixels.ToArray(), cut.Pixels.ToArray());
            Assert.Equal(cut.Pixels.ToArray(), ImageDecoder.Decode(file.Replace("whole", "rows", StringComparison.Ordinal)).Pixels.ToArray());
        }
    }

    public void Dispose() => _sample.Dispose();
}
