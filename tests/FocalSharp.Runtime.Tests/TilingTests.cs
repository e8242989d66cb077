using FocalSharp.Boxes;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime.Tests.Support;

namespace FocalSharp.Runtime.Tests;

public sealed class TilingTests : IDisposable
{
    private readonly Detector _detector = Detector.Load(TestModels.Echo().ToArray());

    public void Dispose() => _detector.Dispose();

    [Fact]
    public void Each_tile_is_looked_at_at_its_own_place()
    {
        // Three tiles of 64 at 0, 48 and 96; each one's first two pixels say a box in it.
        RgbImage image = new(160, 64);
        Say(image, 0, 20, 20, 40, 40, 90);
        Say(image, 48, 20, 5, 30, 15, 120);
        Say(image, 96, 30, 30, 50, 50, 150);
        DetectOptions options = new() { ScoreThreshold = 0.3, Tiles = new TileOptions { Overlap = 0.25, WholeImage = false } };

        Box[] small = [.. _detector.Detect(image, options).Where(detection => detection.Label == 0).Select(detection => detection.Box)];

        // Score order: the third tile's first.
        Assert.Equal([new Box(126, 30, 146, 50), new Box(68, 5, 78, 15), new Box(20, 20, 40, 40)], small);
        Assert.Equal(small, _detector.Detect([image, image], options)[1].Where(detection => detection.Label == 0).Select(detection => detection.Box));
    }

    [Fact]
    public void What_every_tile_says_of_one_object_is_joined_to_one()
    {
        // Each tile says that it is full of class 1: one object over the seams, the whole image.
        Detections found = _detector.Detect(
            new RgbImage(160, 150), new DetectOptions { ScoreThreshold = 0.3, Tiles = new TileOptions { WholeImage = false } });
        Assert.Equal(new Box(0, 0, 160, 150), Assert.Single(found).Box);
    }

    [Fact]
    public void An_image_no_larger_than_a_tile_is_seen_as_without_tiles()
    {
        RgbImage image = TestImages.WithDetections(60, 64, 3, 5, 20, 30);
        Assert.Equal(_detector.Detect(image), _detector.Detect(image, new DetectOptions { Tiles = new TileOptions() }));
    }

    [Fact]
    public void A_limit_asked_for_is_the_whole_images()
    {
        RgbImage image = new(160, 64);
        Say(image, 0, 20, 20, 40, 40, 90);
        Say(image, 96, 30, 30, 50, 50, 150);
        DetectOptions options = new() { ScoreThreshold = 0.3, Tiles = new TileOptions { WholeImage = false } };
        Assert.Equal(3, _detector.Detect(image, options).Count);
        Assert.Single(_detector.Detect(image, options with { MaxDetections = 1 }));
        Assert.Equal(2, _detector.Detect(image, options with { Tiles = options.Tiles with { MaxDetections = 2 } }).Count);
    }

    [Fact]
    public void A_detector_may_tile_every_image_and_options_out_of_range_are_reported()
    {
        using Detector tiling = Detector.Load(
            TestModels.Echo().ToArray(), new RuntimeOptions { Detect = new DetectOptions { ScoreThreshold = 0.3, Tiles = new TileOptions { WholeImage = false } } });
        RgbImage image = new(160, 64);
        Say(image, 0, 20, 20, 40, 40, 90);
        Say(image, 96, 30, 30, 50, 50, 150);

        Assert.Equal(3, tiling.Detect(image).Count);
        Assert.ThrowsAny<FocalSharpException>(() => _detector.Detect(image, new DetectOptions { Tiles = new TileOptions { Overlap = 2 } }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_image_that_is_read_by_rows_gives_the_same_detections(bool whole)
    {
        RgbImage image = new(160, 150);
        Say(image, 0, 20, 20, 40, 40, 90);
        Say(image, 96, 30, 30, 50, 50, 150);
        Span<byte> lower = image.Row(86); // the last row of tiles
        ReadOnlySpan<byte> said = [3, 4, 200, 50, 60, 0];
        said.CopyTo(lower);
        using MemoryStream png = new();
        ImageEncoder.SavePng(image, png);
        using Detector byRows = Detector.Load(TestModels.Echo().ToArray(), new RuntimeOptions { Decode = new ImageDecodeOptions { MaxWholePixels = 1000 } });
        foreach (TileOptions? tiles in new[] { null, new TileOptions { Overlap = 0.25, WholeImage = whole } })
        {
            DetectOptions options = new() { ScoreThreshold = 0.1, Tiles = tiles };
            Detections expected = _detector.Detect(image, options);

            Assert.NotEmpty(expected);
            Assert.Equal(expected, byRows.Detect(png.ToArray(), options));
            Assert.Equal((160, 150), (byRows.Detect(png.ToArray(), options).Width, byRows.Detect(png.ToArray(), options).Height));
            Assert.Equal(expected, byRows.Detect([png.ToArray(), image], options)[0]);
        }

        using PreparedImage prepared = byRows.Prepare(png.ToArray());
        Assert.Equal(_detector.Detect(image), byRows.Detect([prepared])[0]);
    }

    private static void Say(RgbImage image, int tile, byte x1, byte y1, byte x2, byte y2, byte score)
    {
        ReadOnlySpan<byte> said = [x1, y1, score, x2, y2, 0];
        said.CopyTo(image.Row(0)[(tile * 3)..]);
    }
}
