using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.Ncnn;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

public sealed class NanoDetPlusImporterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nanodet-plus").FullName;
    private readonly DisposeScope _scope;

    public NanoDetPlusImporterTests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
        manual_seed(3);
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>With width 0.5 and 96 channels, a block's and the neck's convolutions on one map have the same shape.</summary>
    [Theory]
    [InlineData(0.5, 96, 5, 0)]
    [InlineData(0.5, 96, 5, 1)]
    [InlineData(1.0, 96, 80, 2)]
    public void An_ncnn_model_in_any_order_computes_the_same(double width, int channels, int classes, int seed)
    {
        using GflDetector source = CreateRandom(width, channels, classes);
        string file = NcnnFiles.Write(source, _folder, "model", seed);

        using GflDetector imported = NanoDetPlusImporter.Create(NcnnModel.Read(file), file);
        imported.eval();

        Assert.Equal(width, Assert.IsType<ShuffleNetV2Options>(imported.Options.Backbone).Width);
        Assert.Equal((channels, classes), (imported.Options.Neck.Channels, imported.Options.Classes.Count));
        AssertEqualOutputs(source, imported);
        Assert.All(imported.modules().OfType<BatchNorm2d>(), norm => Assert.True(FoldedStatistics.IsFolded(norm)));
    }

    [Fact]
    public void An_ncnn_model_of_another_network_is_rejected()
    {
        using GflDetector source = CreateRandom(0.5, 96, 5);
        string file = NcnnFiles.Write(source, _folder, "model", seed: 0);
        string[] lines = File.ReadAllLines(file);
        string stem = Array.Find(lines, line => line.StartsWith("Convolution ", StringComparison.Ordinal))!.Split(' ')[5];
        int concat = Array.FindLastIndex(lines, line => line.StartsWith("Concat", StringComparison.Ordinal));
        string[] tokens = lines[concat].Split(' ');
        lines[concat] = $"Concat {tokens[1]} 3 1 {tokens[4]} {tokens[5]} {stem} {tokens[^1]}";
        File.WriteAllLines(file, lines);

        ModelException error = Assert.Throws<ModelException>(() => NanoDetPlusImporter.Create(NcnnModel.Read(file), file));
        Assert.Contains("connected in another way", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("model.")]
    [InlineData("avg_model.")]
    public void Official_names_load_completely(string prefix)
    {
        using GflDetector source = CreateRandom(1, 96, 7);
        StateDict official = ToOfficial(TensorConversion.ToState(source), prefix);

        DetectorOptions options = CheckpointInspector.InferOptions(official);
        using GflDetector loaded = new(options);
        ImportReport report = CheckpointImporter.Load(loaded, official);
        loaded.eval();

        Assert.True(report.IsComplete, report.ToString());
        Assert.Equal(7, options.Classes.Count);
        AssertEqualOutputs(source, loaded);
    }

    [Fact]
    public void The_moving_average_is_preferred_and_training_parts_are_left_out()
    {
        using GflDetector average = CreateRandom(0.5, 96, 3);
        using GflDetector raw = CreateRandom(0.5, 96, 3);
        StateTensor extra = StateTensor.From(new float[4], 4);
        StateDict file = new([
            .. ToOfficial(TensorConversion.ToState(raw), "model."),
            .. ToOfficial(TensorConversion.ToState(average), "avg_model."),
            new("model.aux_head.scales.0.scale", extra),
            new("avg_model.aux_fpn.reduce_layers.0.conv.weight", extra)]);

        using GflDetector loaded = new(CheckpointInspector.InferOptions(file));
        ImportReport report = CheckpointImporter.Load(loaded, file);
        loaded.eval();

        Assert.True(report.IsComplete, report.ToString());
        AssertEqualOutputs(average, loaded);
    }

    [Fact]
    public void A_saved_model_loads_again()
    {
        using GflDetector source = CreateRandom(1.5, 128, 4);
        string file = Path.Combine(_folder, "plus.safetensors");
        DetectorCheckpoint.Save(file, source);

        using GflDetector loaded = DetectorCheckpoint.Load(file);
        loaded.eval();

        AssertEqualOutputs(source, loaded);
    }

    /// <summary>The names of RangiLyu/nanodet, written from those of FocalSharp.</summary>
    private static StateDict ToOfficial(StateDict weights, string prefix)
    {
        List<KeyValuePair<string, StateTensor>> tensors = [];
        foreach ((string name, StateTensor tensor) in weights)
        {
            if (name.StartsWith("bbox_head.gfl_reg.", StringComparison.Ordinal))
            {
                continue;
            }

            string official = name
                .Replace("neck.", "fpn.", StringComparison.Ordinal).Replace("bbox_head.integral.", "head.distribution_project.", StringComparison.Ordinal)
                .Replace("bbox_head.", "head.", StringComparison.Ordinal)
                .Replace(".depthwise.bn.", ".dwnorm.", StringComparison.Ordinal).Replace(".pointwise.bn.", ".pwnorm.", StringComparison.Ordinal)
                .Replace(".depthwise.conv.", ".depthwise.", StringComparison.Ordinal).Replace(".pointwise.conv.", ".pointwise.", StringComparison.Ordinal);
            StateTensor value = tensor;
            if (name.StartsWith("bbox_head.gfl_cls.", StringComparison.Ordinal))
            {
                Assert.True(weights.TryGet(name.Replace("gfl_cls", "gfl_reg", StringComparison.Ordinal), out StateTensor? sides));
                value = StateTensor.From([.. tensor.Span<float>(), .. sides!.Span<float>()], [tensor.Shape[0] + sides.Shape[0], .. tensor.Shape.Skip(1)]);
            }
            else if (name == "backbone.conv1.0.weight")
            {
                using Tensor rgb = TensorConversion.ToTensor(tensor);
                using Tensor bgr = rgb.flip(1);
                value = TensorConversion.ToState(bgr);
            }

            tensors.Add(new(prefix + official, value));
        }

        return new StateDict(tensors);
    }

    /// <summary>A detector whose every number matters: norms as after a training.</summary>
    private static GflDetector CreateRandom(double width, int channels, int classes)
    {
        GflDetector detector = new(NanoDetPlus.Create(width, channels, [.. Enumerable.Range(0, classes).Select(label => $"class{label}")]), seed: 5);
        using IDisposable guard = no_grad();
        foreach (BatchNorm2d norm in detector.modules().OfType<BatchNorm2d>())
        {
            norm.weight!.uniform_(0.5, 1.5);
            norm.bias!.normal_(0, 0.3);
            norm.running_mean!.normal_(0, 0.2);
            norm.running_var!.uniform_(0.5, 2);
        }

        detector.eval();
        return detector;
    }

    private static void AssertEqualOutputs(GflDetector expected, GflDetector actual)
    {
        using IDisposable guard = no_grad();
        Tensor images = randn(2, 3, 64, 96);
        using HeadOutput first = expected.call(images);
        using HeadOutput second = actual.call(images);
        foreach ((Tensor a, Tensor b) in first.Scores.Concat(first.BoxDistributionLogits).Zip(second.Scores.Concat(second.BoxDistributionLogits)))
        {
            Assert.Equal(a.shape, b.shape);
            Assert.InRange((a - b).abs().max().item<float>(), 0, 1e-4 * Math.Max(1, a.abs().max().item<float>()));
        }
    }
}
