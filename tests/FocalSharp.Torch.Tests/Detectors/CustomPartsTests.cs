using FocalSharp.Assignment;
using FocalSharp.Detections;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

/// <summary>Parts that a program adds, by the public API alone.</summary>
public sealed class CustomPartsTests : IDisposable
{
    private static readonly DetectorOptions BuiltIn = new()
    {
        Classes = ["square", "disc"],
        Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
        Neck = new FpnOptions { Channels = 16, Levels = 3 },
        Head = new GflHeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 4, RegMax = 7, Strides = [8, 16, 32] },
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    static CustomPartsTests()
    {
        Torch.Modeling.Backbones.Backbones.Register(new TestBackboneOptions(), (options, generator) => new TestBackbone(options, generator));
        Torch.Modeling.Necks.Necks.Register(new TestNeckOptions(), (options, backbone, _) => new TestNeck(options, backbone));
        Torch.Modeling.Heads.Heads.Register(new TestHeadOptions(), (options, neck, classes, _) => new TestHead(options, neck.OutChannels, classes));
        Assigners.Register(new CenterOptions(), options => new CenterAssigner(options));
        ClassificationLosses.Register(new SquareOptions(), _ => new SquareLoss());
        BoxLosses.Register(new DistanceOptions(), _ => new DistanceLoss());
    }

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Parts => ["backbone", "neck", "head", "assigner", "classification", "box", "all"];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_registered_part_trains_and_decodes(string part)
    {
        using GflDetector detector = new(Options(part));
        TrainAndDecode(detector, new GflCriterion(detector.Head.Options, detector.Options.Loss, 2));
    }

    [Fact]
    public void Parts_are_constructor_arguments()
    {
        using Generator generator = new(1);
        TestBackbone backbone = new(new TestBackboneOptions(), generator);
        TestNeck neck = new(new TestNeckOptions { Channels = 16 }, backbone);
        TestHead head = new(new TestHeadOptions { RegMax = 7, Strides = [8, 16, 32] }, neck.OutChannels, 2);
        using GflDetector detector = new(BuiltIn, backbone, neck, head);

        Assert.Same(head, detector.Head);
        TrainAndDecode(
            detector, new GflCriterion(head.Options, new GflLossOptions(), 2, new CenterAssigner(new CenterOptions()), new SquareLoss(), new DistanceLoss()));
    }

    [Fact]
    public void Parts_without_bfloat16_support_compute_in_float32()
    {
        using GflDetector detector = new(Options("all")) { Precision = Precision.BFloat16 };
        using GflDetector mixed = new(Options("neck")) { Precision = Precision.BFloat16 };

        TrainAndDecode(detector, new GflCriterion(detector.Head.Options, detector.Options.Loss, 2));
        TrainAndDecode(mixed, new GflCriterion(mixed.Head.Options, mixed.Options.Loss, 2));
    }

    [Fact]
    public void A_detector_of_registered_parts_is_saved_and_loaded()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("focalsharp-parts-").FullName, "custom.safetensors");
        try
        {
            using GflDetector detector = new(Options("all"), seed: 4);
            DetectorCheckpoint.Save(path, detector);
            using GflDetector loaded = DetectorCheckpoint.Load(path);

            Assert.Equal(detector.Options.Backbone, loaded.Options.Backbone);
            Assert.Equal(detector.Options.Loss, loaded.Options.Loss);
            Assert.IsType<TestHead>(loaded.Head);
            Assert.All(detector.state_dict(), pair => Assert.True(pair.Value.eq(loaded.state_dict()[pair.Key]).all().item<bool>()));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public void A_part_that_emits_itself_is_exported_to_ONNX()
    {
        using GflDetector detector = new(Options("backbone"));
        OnnxModel model = OnnxExporter.Export(detector);

        using Microsoft.ML.OnnxRuntime.InferenceSession session = new(model.ToBytes());
        Assert.Contains("boxes", session.OutputMetadata.Keys);
    }

    [Fact]
    public void A_part_that_cannot_be_exported_is_named_with_the_interface()
    {
        using GflDetector detector = new(Options("neck"));

        string message = Assert.Throws<ModelException>(() => OnnxExporter.Export(detector)).Message;

        Assert.Contains("'neck'", message, StringComparison.Ordinal);
        Assert.Contains(nameof(TestNeck), message, StringComparison.Ordinal);
        Assert.Contains("IOnnxModule<IReadOnlyList<OnnxValue>, IReadOnlyList<OnnxValue>>", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unregistered_kind_is_rejected_with_the_known_ones()
    {
        OptionException error = Assert.Throws<OptionException>(() => new GflDetector(BuiltIn with { Backbone = new UnregisteredOptions() }));

        Assert.Contains("'unregistered'", error.Message, StringComparison.Ordinal);
        Assert.Contains("resnet, res2net, cspnet", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ClassificationLosses.Register(new ImpostorOptions(), _ => new SquareLoss()));
    }

    [Fact]
    public void Strides_of_neck_and_head_must_agree()
    {
        OptionException error = Assert.Throws<OptionException>(() => new GflDetector(Options("neck") with { Head = new GflHeadOptions { Channels = 16, NormGroups = 4 } }));

        Assert.Contains("8, 16, 32", error.Message, StringComparison.Ordinal);
    }

    private static DetectorOptions Options(string part) => part switch
    {
        "backbone" => BuiltIn with { Backbone = new TestBackboneOptions(), Neck = new FpnOptions { Channels = 16, Levels = 3, StartLevel = 0 } },
        "neck" => BuiltIn with { Neck = new TestNeckOptions { Channels = 16 } },
        "head" => BuiltIn with { Head = new TestHeadOptions { RegMax = 7, Strides = [8, 16, 32] } },
        "assigner" => BuiltIn with { Loss = new GflLossOptions { Assigner = new CenterOptions() } },
        "classification" => BuiltIn with { Loss = new GflLossOptions { Classification = new SquareOptions() } },
        "box" => BuiltIn with { Loss = new GflLossOptions { Box = new DistanceOptions() } },
        _ => BuiltIn with
        {
            Backbone = new TestBackboneOptions { Width = 24 },
            Neck = new TestNeckOptions { Channels = 16 },
            Head = new TestHeadOptions { RegMax = 7, Strides = [8, 16, 32] },
            Loss = new GflLossOptions { Assigner = new CenterOptions(), Classification = new SquareOptions(), Box = new DistanceOptions() },
        },
    };

    private static void TrainAndDecode(GflDetector detector, GflCriterion criterion)
    {
        Tensor images = zeros([1, 3, 64, 64], ScalarType.Byte);
        images[TensorIndex.Ellipsis, TensorIndex.Slice(16, 48), TensorIndex.Slice(16, 48)] = 200;
        GroundTruth[] truth = [new([16, 16, 48, 48], [1], 64, 64)];
        using optim.Optimizer optimizer = optim.SGD(detector.parameters(), 0.002);
        for (int step = 0; step < 2; step++)
        {
            optimizer.zero_grad();
            HeadOutput output = detector.call(detector.Preprocess(images));
            using LossTerms losses = criterion.Compute(output, truth);
            losses.Total().backward();
            Assert.True(losses.Positives > 0);
            Assert.All(new[] { losses.Classification, losses.Box, losses.Distribution }, loss => Assert.True(float.IsFinite(loss.item<float>())));
            Assert.All(
                detector.named_parameters(), entry => Assert.True(entry.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), entry.name));
            Assert.Contains(detector.Backbone.parameters(), parameter => parameter.grad!.abs().sum().item<float>() > 0);
            optimizer.step();
        }

        detector.eval();
        using IDisposable guard = no_grad();
        HeadOutput result = detector.call(detector.Preprocess(images));
        Detection[][] detections = new HeadDecoder(detector.Head.Options, 2).Decode(
            result, [new ResizeTransform(64, 64)], new PostprocessOptions { ScoreThreshold = 0 });
        Assert.NotEmpty(Assert.Single(detections));
    }

    private sealed record UnregisteredOptions : BackboneOptions
    {
        public override string Kind => "unregistered";
    }

    private sealed record ImpostorOptions : ClassificationLossOptions
    {
        public override string Kind => "focal";
    }

    private sealed record TestBackboneOptions : BackboneOptions
    {
        public override string Kind => "test-backbone";

        public int Width { get; init; } = 16;
    }

    private sealed class TestBackbone : Backbone, IOnnxModule<OnnxValue, IReadOnlyList<OnnxValue>>
    {
        private readonly ConvLayer[] _convs;

        public TestBackbone(TestBackboneOptions options, Generator generator)
            : base(nameof(TestBackbone))
        {
            _convs = [.. Enumerable.Range(0, 4).Select(i => new ConvLayer(i == 0 ? 3 : options.Width, options.Width, 3, i == 0 ? 4 : 2))];
            OutChannels = [.. _convs.Skip(1).Select(_ => options.Width)];
            register_module("convs", nn.ModuleList(_convs));
            using IDisposable guard = no_grad();
            Array.ForEach(_convs, conv => conv.Weight.normal_(0, 0.1, generator));
        }

        public override IReadOnlyList<int> OutChannels { get; }

        public override IReadOnlyList<int> Strides => [8, 16, 32];

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            Tensor x = _convs[0].call(input).relu();
            return [.. _convs.Skip(1).Select(conv => x = conv.call(x).relu())];
        }

        public IReadOnlyList<OnnxValue> Emit(OnnxGraph graph, OnnxValue input)
        {
            OnnxValue x = graph.Relu(graph.Emit<OnnxValue, OnnxValue>(_convs[0], input));
            return [.. _convs.Skip(1).Select(conv => x = graph.Relu(graph.Emit<OnnxValue, OnnxValue>(conv, x)))];
        }
    }

    private sealed record TestNeckOptions : NeckOptions
    {
        public override string Kind => "test-neck";
    }

    /// <summary>1x1 convolutions of TorchSharp's own.</summary>
    private sealed class TestNeck : Neck
    {
        private readonly ModuleList<Conv2d> _convs;

        public TestNeck(TestNeckOptions options, Backbone backbone)
            : base(nameof(TestNeck), options.Channels, [.. backbone.Strides.TakeLast(3)])
        {
            _convs = nn.ModuleList([.. backbone.OutChannels.TakeLast(3).Select(channels => nn.Conv2d(channels, options.Channels, 1))]);
            RegisterComponents();
        }

        public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input) =>
            [.. input.TakeLast(3).Zip(_convs, (map, conv) => conv.call(map))];
    }

    private sealed record TestHeadOptions : HeadOptions
    {
        public override string Kind => "test-head";
    }

    private sealed class TestHead : DetectionHead
    {
        private readonly Conv2d _classes;
        private readonly Conv2d _sides;

        public TestHead(TestHeadOptions options, int channels, int classes)
            : base(nameof(TestHead), options)
        {
            _classes = nn.Conv2d(channels, classes, 1);
            _sides = nn.Conv2d(channels, 4 * (options.RegMax + 1), 1);
            RegisterComponents();
        }

        public override HeadOutput forward(IReadOnlyList<Tensor> input) =>
            new([.. input.Select(map => _classes.call(map))], [.. input.Select(map => _sides.call(map))]);
    }

    private sealed record CenterOptions : AssignerOptions
    {
        public override string Kind => "center";
    }

    /// <summary>Every valid anchor whose center lies in an object is positive.</summary>
    private sealed class CenterAssigner(CenterOptions options) : IAssigner
    {
        public bool NeedsPredictions => options.Kind.Length == 0;

        public AnchorAssignment Assign(AnchorGrid grid, GroundTruth groundTruth, AnchorPredictions predictions)
        {
            List<(int Anchor, int Object)> found = [];
            for (int anchor = 0; anchor < grid.Count; anchor++)
            {
                (float x, float y) = grid.Center(anchor);
                int hit = Enumerable.Range(0, groundTruth.Count).FirstOrDefault(k => Contains(groundTruth.Boxes, k, x, y), -1);
                if (hit >= 0)
                {
                    found.Add((anchor, hit));
                }
            }

            return new AnchorAssignment(
                [.. found.Select(pair => pair.Anchor)],
                [.. found.Select(pair => pair.Object)],
                [.. found.Select(pair => groundTruth.Labels[pair.Object])],
                [.. found.Select(_ => 1f)]);
        }

        private static bool Contains(float[] boxes, int k, float x, float y) =>
            x > boxes[4 * k] && y > boxes[(4 * k) + 1] && x < boxes[(4 * k) + 2] && y < boxes[(4 * k) + 3];
    }

    private sealed record SquareOptions : ClassificationLossOptions
    {
        public override string Kind => "square";
    }

    private sealed class SquareLoss : IClassificationLoss
    {
        public Tensor Compute(Tensor scores, Tensor qualities, Tensor positives, bool scoresAreProbabilities) =>
            ((scoresAreProbabilities ? scores : scores.sigmoid()) - positives).square();
    }

    private sealed record DistanceOptions : BoxLossOptions
    {
        public override string Kind => "distance";
    }

    private sealed class DistanceLoss : IBoxLoss
    {
        public Tensor Compute(Tensor prediction, Tensor target) => (prediction - target).abs().sum(1);
    }
}
