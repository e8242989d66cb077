using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx;

namespace FocalSharp.Models.Tests;

/// <summary>Weights and ONNX files behind one interface.</summary>
public sealed class DetectorLoaderTests : IDisposable
{
    private static readonly ResizeRule Rule = new() { LongSide = 96, ShortSide = 96 };
    private readonly TemporaryFolder _folder = new();
    private readonly string _weights;
    private readonly string _onnx;

    public DetectorLoaderTests()
    {
        DetectorOptions options = new()
        {
            Classes = ["cup", "key"],
            Backbone = new ResNetOptions { BaseChannels = 16, Depth = 18, FrozenStages = -1, FrozenBatchNorm = false },
            Neck = new FpnOptions { Channels = 16 },
            Head = new GflHeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 4, PriorProbability = 0.3 },
        };
        _weights = _folder.In("tiny.safetensors");
        _onnx = _folder.In("tiny.onnx");
        using GflDetector network = new(options, seed: 3);
        DetectorCheckpoint.Save(_weights, network, new Dictionary<string, string>(ResizeRuleSerializer.ToMetadata(Rule)) { ["recipe"] = "tiny-recipe" });
        network.eval();
        File.WriteAllBytes(_onnx, OnnxExporter.Export(
            network, new OnnxExportOptions { Variant = ModelVariant.Raw, Model = "tiny-recipe", Resize = ResizeRuleSerializer.ToMetadata(Rule) }).ToBytes());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Loads_weights_and_onnx_files_with_the_same_description()
    {
        using IDetector weights = DetectorLoader.Load(_weights);
        using IDetector onnx = DetectorLoader.Load(_onnx);
        Assert.IsType<TorchDetector>(weights);
        Assert.IsType<Detector>(onnx);
        Assert.Equal(["cup", "key"], weights.Classes);
        Assert.Equal(weights.Classes, onnx.Classes);
        Assert.Equal("tiny-recipe", weights.Model.Name);
        Assert.Equal(weights.Model.ToString(), onnx.Model.ToString());
        Assert.True(weights.Model.HasDistributions && onnx.Model.HasDistributions);
    }

    [Fact]
    public void A_run_folder_stands_for_its_best_weights()
    {
        string run = _folder.In("run");
        Directory.CreateDirectory(run);
        File.Copy(_weights, Path.Combine(run, "best.safetensors"));
        using IDetector detector = DetectorLoader.Load(run);
        Assert.Equal(Path.Combine(run, "best.safetensors"), Assert.IsType<TorchDetector>(detector).Path);
    }

    [Fact]
    public async Task Lists_streams_prepared_images_and_tasks_give_what_single_images_give()
    {
        RgbImage[] images = [.. Enumerable.Range(0, 21).Select(i => Scene(60 + (i * 31 % 90), 60 + (i * 17 % 80), i))];
        foreach (string path in (string[])[_weights, _onnx])
        {
            using IDetector detector = DetectorLoader.Load(path, new DetectorLoadOptions { MaxBatch = 2 });
            List<int> reported = [];
            Runtime.Detections[] single = [.. images.Select(image => detector.Detect(image))];
            Runtime.Detections[] together = detector.Detect([.. images.Select(image => (ImageSource)image)], progress: new Progress(reported.Add));
            PreparedImage[] prepared = [.. images.Select(image => detector.Prepare(image))];
            Runtime.Detections[] batched = detector.Detect(prepared);
            Array.ForEach(prepared, image => image.Dispose());
            Runtime.Detections task = await detector.DetectAsync(images[3], cancellationToken: TestContext.Current.CancellationToken);

            Assert.Contains(single, found => found.Count > 0);
            for (int i = 0; i < images.Length; i++)
            {
                Assert.Equal((images[i].Width, images[i].Height), (together[i].Width, together[i].Height));
                AssertSame(single[i], together[i]);
                AssertSame(single[i], batched[i]);
            }

            AssertSame(single[3], task);
            Assert.Equal(images.Length, reported[^1]);
            Assert.Equal(reported.Order(), reported);
            Assert.Empty(detector.Detect((IReadOnlyList<ImageSource>)[]));
        }
    }

    [Fact]
    public void Tiles_of_a_list_are_those_of_single_images()
    {
        DetectOptions options = new() { Tiles = new TileOptions { Size = 96, Overlap = 0.3 } };
        RgbImage[] images = [Scene(230, 170, 1), Scene(80, 80, 2)];
        foreach (string path in (string[])[_weights, _onnx])
        {
            using IDetector detector = DetectorLoader.Load(path);
            Runtime.Detections[] together = detector.Detect([.. images.Select(image => (ImageSource)image)], options);
            AssertSame(detector.Detect(images[0], options), together[0]);
            AssertSame(detector.Detect(images[1], options), together[1]);
        }
    }

    [Fact]
    public void Images_that_are_read_by_rows_give_the_same_detections()
    {
        using MemoryStream png = new();
        RgbImage image = Scene(230, 170, 1);
        ImageEncoder.SavePng(image, png);
        foreach (string path in (string[])[_weights, _onnx])
        {
            using IDetector whole = DetectorLoader.Load(path);
            using IDetector byRows = DetectorLoader.Load(path, new DetectorLoadOptions { Decode = new() { MaxWholePixels = 0 } });
            foreach (DetectOptions options in (DetectOptions[])[new(), new() { Tiles = new TileOptions { Size = 96, Overlap = 0.3 } }, new() { FlipTest = true }])
            {
                AssertSame(whole.Detect(image, options), byRows.Detect(png.ToArray(), options));
                AssertSame(whole.Detect(image, options), byRows.Detect([png.ToArray()], options)[0]);
            }
        }
    }

    [Fact]
    public void Candidates_before_nms_are_options_of_a_call()
    {
        DetectOptions all = new() { ScoreThreshold = 0.02, IouThreshold = 1, MaxDetections = 500, IncludeDistributions = true };
        foreach (string path in (string[])[_weights, _onnx])
        {
            using IDetector detector = DetectorLoader.Load(path);
            Runtime.Detections candidates = detector.Detect(Scene(96, 96, 5), all);
            Assert.True(candidates.Count > detector.Detect(Scene(96, 96, 5)).Count);
            Assert.All(candidates, candidate => Assert.NotNull(candidate.Distributions));
        }
    }

    [Fact]
    public void The_input_size_applies_to_both()
    {
        foreach (string path in (string[])[_weights, _onnx])
        {
            using IDetector detector = DetectorLoader.Load(path, new DetectorLoadOptions { InputSize = 64 });
            using PreparedImage prepared = detector.Prepare(Scene(128, 128, 1));
            Assert.Equal((64, 64), (prepared.InputSize.Width, prepared.InputSize.Height));
        }

        Assert.Throws<OptionException>(() => DetectorLoader.Load(_weights, new DetectorLoadOptions { InputSize = 31 }));
        Assert.Throws<OptionException>(() => DetectorLoader.Load(_weights, new DetectorLoadOptions { InputSize = 8193 }));
        Assert.Throws<OptionException>(() => DetectorLoader.Load(_onnx, new DetectorLoadOptions { Precision = Precision.BFloat16 }));
    }

    [Fact]
    public void Cancellation_stops_a_list_and_a_broken_image_harms_no_later_call()
    {
        string image = _folder.In("scene.png");
        ImageEncoder.SavePng(Scene(96, 96, 1), image);
        ImageSource[] many = [.. Enumerable.Repeat(ImageSource.FromFile(image), 20)];
        foreach (string path in (string[])[_weights, _onnx])
        {
            using IDetector detector = DetectorLoader.Load(path, new DetectorLoadOptions { MaxBatch = 2 });
            using CancellationTokenSource source = new();
            Assert.ThrowsAny<OperationCanceledException>(() => detector.Detect(many, progress: new Progress(_ => source.Cancel()), cancellationToken: source.Token));
            Assert.Throws<ImageException>(() => detector.Detect([image, image, image, "nowhere.png", image]));
            Assert.Throws<ArgumentNullException>(() => detector.Detect((IReadOnlyList<ImageSource>)null!));
            Assert.Equal(3, detector.Detect([image, image, image]).Length);
        }
    }

    [Fact]
    public void Threads_share_the_weights_and_a_disposed_detector_refuses_calls()
    {
        TorchDetector detector = TorchDetector.Load(_weights);
        RgbImage[] images = [.. Enumerable.Range(0, 6).Select(i => Scene(96, 96, i))];
        Runtime.Detections[] expected = [.. images.Select(image => detector.Detect(image))];
        Parallel.For(0, 12, i => AssertSame(expected[i % 6], detector.Detect(images[i % 6])));
        detector.Dispose();
        detector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.Detect(images[0]));
        Assert.Throws<ObjectDisposedException>(() => detector.Prepare(images[0]));
    }

    [Fact]
    public void A_network_in_memory_is_left_as_it_was()
    {
        using GflDetector network = DetectorCheckpoint.Load(_weights);
        using TorchDetector detector = new(network, Rule);
        Runtime.Detections before = detector.Detect(Scene(96, 96, 1));
        using (TorchSharp.torch.no_grad())
        {
            network.Head.parameters().First().mul_(1.5);
        }

        Runtime.Detections after = detector.Detect(Scene(96, 96, 1));
        Assert.NotEqual([.. before], (Detection[])[.. after]); // norms are folded again in each call
        detector.Dispose();
        Assert.NotEmpty(network.parameters());
    }

    [Fact]
    public void Weights_are_required_where_an_onnx_file_does_not_do()
    {
        Assert.Contains("ONNX", Assert.Throws<ModelException>(() => TorchDetector.Load(_onnx)).Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => DetectorLoader.Load(_folder.In("nowhere.onnx")));
    }

    // Batches of another size may sum in another order.
    private static void AssertSame(IReadOnlyList<Detection> expected, IReadOnlyList<Detection> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach ((Detection a, Detection b) in expected.Zip(actual))
        {
            Assert.Equal(a.Label, b.Label);
            Assert.Equal(a.Score, b.Score, 1e-4f);
            Box difference = new(a.Box.X1 - b.Box.X1, a.Box.Y1 - b.Box.Y1, a.Box.X2 - b.Box.X2, a.Box.Y2 - b.Box.Y2);
            Assert.True(Math.Max(Math.Abs(difference.X1), Math.Abs(difference.X2)) < 0.05 && Math.Max(Math.Abs(difference.Y1), Math.Abs(difference.Y2)) < 0.05, $"{a} {b}");
        }
    }

    private static RgbImage Scene(int width, int height, int seed)
    {
        RgbImage image = new(width, height);
        new Random(seed).NextBytes(image.Pixels);
        for (int y = 20; y < 50; y++)
        {
            image.Row(y)[60..150].Fill((byte)(40 * seed));
        }

        return image;
    }

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
