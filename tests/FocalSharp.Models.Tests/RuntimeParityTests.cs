using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Onnx;

namespace FocalSharp.Models.Tests;

/// <summary>What ships must find what was evaluated: the runtime on an exported file against <c>predict</c>'s code on the same weights.</summary>
public sealed class RuntimeParityTests : IDisposable
{
    private static readonly ResizeRule Rule = new() { LongSide = 128, ShortSide = 96 };
    private static readonly (int Width, int Height)[] Sizes = [(128, 96), (200, 150), (90, 160), (37, 41), (96, 96)];

    private readonly GflDetector _network = new(
        new DetectorOptions
        {
            Classes = ["cat", "dog", "bird"],
            Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
            Neck = new FpnOptions { Channels = 16 },
            Head = new GflHeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 4, PriorProbability = 0.3 },
        },
        seed: 1);

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(ModelVariant.Detections)]
    [InlineData(ModelVariant.Candidates)]
    [InlineData(ModelVariant.Raw)]
    public void The_runtime_finds_what_predict_finds(ModelVariant variant)
    {
        using Detector detector = Export(variant);
        using TorchDetector weights = new(_network, Rule);
        RgbImage[] images = [.. Sizes.Select((size, i) => Picture(size.Width, size.Height, i))];

        Runtime.Detections[] together = detector.Detect([.. images.Select(image => (ImageSource)image)]);

        for (int i = 0; i < images.Length; i++)
        {
            Detection[] expected = [.. weights.Detect(images[i])];
            Assert.NotEmpty(expected);
            AssertSame(expected, [.. detector.Detect(images[i])]);
            AssertSame(expected, [.. together[i]]);
        }
    }

    [Fact]
    public void A_file_is_read_as_predict_reads_it()
    {
        using Detector detector = Export(ModelVariant.Detections);
        string path = Path.GetTempFileName() + ".jpg";
        try
        {
            ImageEncoder.Save(Picture(320, 200, 9), path);
            AssertSame([.. Weights().Detect(path)], [.. detector.Detect(path)]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Thresholds_mean_the_same()
    {
        using Detector detector = Export(ModelVariant.Detections);
        DetectOptions options = new() { ScoreThreshold = 0.3, IouThreshold = 0.4, MaxDetections = 7 };
        RgbImage image = Picture(200, 150, 3);
        AssertSame(
            [.. Weights().Detect(image, options)],
            [.. detector.Detect(image, options)]);
    }

    [Fact]
    public void Tiles_are_the_same_tiles()
    {
        using Detector detector = Export(ModelVariant.Detections);
        TileOptions tiles = new() { Size = 96, Overlap = 0.3 };
        RgbImage image = Picture(230, 170, 4);
        AssertSame(
            [.. Weights().Detect(image, new DetectOptions { Tiles = tiles })],
            [.. detector.Detect(image, new DetectOptions { Tiles = tiles })]);
    }

    private TorchDetector Weights() => new(_network, Rule);

    private Detector Export(ModelVariant variant) => Detector.Load(
        OnnxExporter.Export(_network, new OnnxExportOptions { Variant = variant, Resize = ResizeRuleSerializer.ToMetadata(Rule) }).ToBytes());

    // The limits that an export is checked by: 0.1 px and 1e-4; equal scores may change places.
    private static void AssertSame(Detection[] expected, Detection[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        List<Detection> left = [.. actual];
        foreach (Detection wanted in expected)
        {
            int match = left.FindIndex(found => found.Label == wanted.Label && Math.Abs(found.Score - wanted.Score) <= 1e-4
                && Near(found.Box.X1, wanted.Box.X1) && Near(found.Box.Y1, wanted.Box.Y1) && Near(found.Box.X2, wanted.Box.X2) && Near(found.Box.Y2, wanted.Box.Y2)
                && Enumerable.Range(0, 4).All(side => Near(found.Deviation[side], wanted.Deviation[side])));
            Assert.True(match >= 0, $"{wanted} was not found among {left.Count}");
            left.RemoveAt(match);
        }

        static bool Near(float a, float b) => Math.Abs(a - b) <= 0.1;
    }

    // Smooth blobs, so that a randomly initialized network has something to differ about.
    private static RgbImage Picture(int width, int height, int seed)
    {
        RgbImage image = new(width, height);
        Random random = new(seed);
        double[] waves = [.. Enumerable.Range(0, 6).Select(_ => 0.02 + (random.NextDouble() * 0.2))];
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                (int x, int channel) = Math.DivRem(i, 3);
                row[i] = (byte)(127 + (60 * Math.Sin(x * waves[channel])) + (60 * Math.Cos(y * waves[channel + 3])));
            }
        }

        return image;
    }
}
