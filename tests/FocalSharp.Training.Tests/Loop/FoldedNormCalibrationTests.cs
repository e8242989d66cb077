using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Loop;

public sealed class FoldedNormCalibrationTests : IDisposable
{
    private const int Size = 256;

    private readonly string _folder = Directory.CreateTempSubdirectory("calibration").FullName;
    private readonly DisposeScope _scope;

    public FoldedNormCalibrationTests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
        manual_seed(7);
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_network_computes_what_it_did_and_trains_with_the_measured_statistics()
    {
        using GflDetector detector = CreateFolded();
        DatasetImage[] images = [.. Enumerable.Range(0, 4).Select(Draw)];
        Tensor pixels = detector.Preprocess(cat([.. images.Select(Load)]));
        Tensor before = Scores(detector, pixels, train: false);
        Tensor normalizedBefore = Scores(detector, pixels, train: true);
        Restore(detector);

        FoldedNormCalibration.Calibrate(
            detector, images, new ResizeRule { Mode = ResizeMode.Stretch, LongSide = Size, ShortSide = Size }, new ImageDecodeOptions());

        Tensor after = Scores(detector, pixels, train: false);
        Assert.InRange(Distance(before, after), 0, 1e-3);
        Assert.DoesNotContain(detector.modules().OfType<BatchNorm2d>(), FoldedStatistics.IsFolded);

        // Over the measured images, the statistics of the batch are the measured ones.
        Assert.InRange(Distance(before, Scores(detector, pixels, train: true)), 0, 0.1);
        Assert.True(Distance(before, normalizedBefore) > 0.5);
    }

    [Fact]
    public void Weights_with_statistics_are_read_as_they_are()
    {
        using GflDetector detector = new(NanoDetPlus.Create(0.5, 96, ["a", "b"]));
        string file = Path.Combine(_folder, "weights.safetensors");
        DetectorCheckpoint.Save(file, detector);
        List<string> reports = [];

        FocalSharp.Checkpoints.Checkpoint read = FoldedNormCalibration.Read(file, CreateDataset(Draw(0)), new ImageDecodeOptions(), reports.Add);

        Assert.Empty(reports);
        Assert.True(read.Weights.TryGet("backbone.conv1.1.running_var", out FocalSharp.Checkpoints.StateTensor? variance));
        Assert.All(variance!.ToDoubles(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Weights_without_statistics_are_measured_once_on_training_images()
    {
        using GflDetector detector = CreateFolded();
        string file = Path.Combine(_folder, "folded.safetensors");
        DetectorCheckpoint.Save(file, detector, ResizeRuleSerializer.ToMetadata(new ResizeRule { Mode = ResizeMode.Warp, LongSide = 64, ShortSide = 64 }));
        List<string> reports = [];

        FocalSharp.Checkpoints.Checkpoint read = FoldedNormCalibration.Read(file, CreateDataset(Draw(0), Draw(1)), new ImageDecodeOptions(), reports.Add);

        Assert.Contains("2 training images", Assert.Single(reports), StringComparison.Ordinal);
        Assert.True(read.Weights.TryGet("backbone.conv1.1.running_mean", out FocalSharp.Checkpoints.StateTensor? mean));
        Assert.Contains(mean!.ToDoubles(), value => value != 0);
    }

    private static GflDetector CreateFolded()
    {
        GflDetector detector = new(NanoDetPlus.Create(0.5, 96, ["a", "b"]));
        using IDisposable guard = no_grad();
        foreach (ConvLayer layer in detector.modules().OfType<ConvLayer>().Where(layer => layer.Depthwise))
        {
            layer.Weight.normal_(0, 1.0 / layer.Weight.shape[3]);
        }

        Restore(detector);
        return detector;
    }

    private static void Restore(GflDetector detector)
    {
        foreach (BatchNorm2d norm in detector.modules().OfType<BatchNorm2d>())
        {
            FoldedStatistics.Set(norm, [.. Enumerable.Range(0, (int)norm.weight!.numel()).Select(i => 0.1f * (i % 5))]);
        }
    }

    private static Tensor Scores(GflDetector detector, Tensor pixels, bool train)
    {
        using IDisposable guard = no_grad();
        detector.train(train);
        using HeadOutput output = detector.call(pixels);
        return output.Scores[0].clone();
    }

    private static double Distance(Tensor expected, Tensor actual)
    {
        using IDisposable guard = no_grad();
        Tensor center = expected - expected.mean();
        return ((actual - expected).square().sum() / center.square().sum()).sqrt().item<float>();
    }

    private static DetectionDataset CreateDataset(params DatasetImage[] images) => new()
    {
        Name = "drawn",
        Classes = ["a", "b"],
        CategoryIds = [1, 2],
        Images = images,
    };

    private DatasetImage Draw(int index)
    {
        RgbImage image = new(Size, Size);
        new Random(index).NextBytes(image.Pixels);
        string path = Path.Combine(_folder, $"{index}.png");
        ImageEncoder.SavePng(image, path);
        return new DatasetImage { Id = index + 1, FileName = $"{index}.png", Path = path, Width = Size, Height = Size };
    }

    private static Tensor Load(DatasetImage image)
    {
        RgbImage decoded = ImageDecoder.Decode(image.Path);
        return tensor(decoded.Pixels, [1, Size, Size, 3], ScalarType.Byte).permute(0, 3, 1, 2);
    }
}
