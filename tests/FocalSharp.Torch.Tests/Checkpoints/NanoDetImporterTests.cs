using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.TensorFlowJs;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

public sealed class NanoDetImporterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nanodet").FullName;
    private readonly DisposeScope _scope;

    public NanoDetImporterTests()
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

    [Fact]
    public void The_imported_net_computes_what_the_graph_computes()
    {
        NanoDetGraph graph = new();
        string file = Path.Combine(_folder, "nanodet.safetensors");
        DetectorCheckpoint.Save(file, NanoDetG.Options, NanoDetImporter.Convert(graph.ToModel()));
        using GflDetector detector = DetectorCheckpoint.Load(file);
        detector.eval();
        Assert.Equal(3_786_068, detector.parameters().Sum(parameter => parameter.numel()));

        Tensor bgr = randn(2, 3, 96, 128);
        using IDisposable guard = no_grad();
        Tensor[] expected = graph.Run(bgr);
        using HeadOutput actual = detector.call(bgr.flip(1));
        for (int level = 0; level < 3; level++)
        {
            Tensor joint = cat([actual.Scores[level], actual.BoxDistributionLogits[level]], 1);
            Assert.Equal(expected[level].shape, joint.shape);
            Assert.InRange((joint - expected[level]).abs().max().item<float>(), 0, 2e-4 * expected[level].abs().max().item<float>());
        }
    }

    [Fact]
    public void Names_and_shapes_identify_it()
    {
        StateDict weights = NanoDetImporter.Convert(new NanoDetGraph().ToModel());
        DetectorOptions options = CheckpointInspector.InferOptions(weights);
        CspNetOptions backbone = Assert.IsType<CspNetOptions>(options.Backbone);
        Assert.Equal(NanoDetG.Backbone with { Blocks = [] }, backbone with { Blocks = [] });
        Assert.Equal(NanoDetG.Backbone.Blocks, backbone.Blocks);
        Assert.Equal(NanoDetG.Options.Neck, options.Neck);
        Assert.Equal(NanoDetG.Head with { Strides = [], NormGroups = 0 }, ((GflHeadOptions)options.Head) with { Strides = [], NormGroups = 0 });
        Assert.Equal(NanoDetG.Options.Head.Strides, options.Head.Strides);
        Assert.Equal("toothbrush", options.Classes[^1]);
    }

    [Fact]
    public void Only_class_rows_of_unknown_names_start_afresh()
    {
        StateDict weights = NanoDetImporter.Convert(new NanoDetGraph().ToModel());
        using GflDetector detector = new(NanoDetG.Options with { Classes = ["cell", "dog"] });
        ImportReport report = CheckpointImporter.Load(detector, new Checkpoint { Weights = weights });

        Assert.Empty(report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.Equal(
            Enumerable.Range(0, 3).SelectMany(level => new[] { $"bbox_head.gfl_cls.{level}.weight", $"bbox_head.gfl_cls.{level}.bias" }).Order(),
            report.ReinitializedTensors.Select(tensor => tensor.Name).Order());
        Assert.All(report.ReinitializedTensors, tensor => Assert.Equal(["dog"], tensor.MatchedClasses));
        float[] bias = [.. detector.state_dict()["bbox_head.gfl_cls.1.bias"].data<float>()];
        Assert.Equal(-4.59511985, bias[0], 1e-5);
        Assert.Equal(weights["bbox_head.gfl_cls.1.bias"].Span<float>()[16], bias[1]);
    }

    [Fact]
    public void Another_graph_is_refused_in_words()
    {
        TensorFlowJsModel model = new NanoDetGraph().ToModel();
        Refused(model with { Nodes = [.. model.Nodes.Skip(1)] }, "33 convolutions where NanoDet-g has 34");
        Refused(new NanoDetGraph(classes: 20).ToModel(), "[1, 1, 128, 124]");
        Refused(model with { Weights = new StateDict(model.Weights.Where(pair => pair.Key != "unknown_8")) }, "convolution_4");
        Refused(
            model with { Nodes = [.. model.Nodes.Select(node => node.Op == "Conv2D" ? node with { Name = "layer" } : node)] },
            "'layer' is not numbered");

        static void Refused(TensorFlowJsModel model, string expected) => Assert.Contains(
            expected, Assert.Throws<ModelException>(() => NanoDetImporter.Convert(model)).Message, StringComparison.Ordinal);
    }
}
