using FocalSharp.Assignment;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

public sealed class GflDetectorTests
{
    private static readonly DetectorOptions Small = new()
    {
        Classes = ["cup", "key", "fish"],
        Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
        Neck = new FpnOptions { Channels = 32 },
        Head = new GflHeadOptions { Channels = 32, StackedConvs = 1 },
    };

    [Theory]
    [InlineData(18, 19_420_889, 19_263_385)]
    [InlineData(34, 29_529_049, 29_297_561)]
    [InlineData(50, 32_440_537, 32_215_193)]
    [InlineData(101, 51_432_665, 51_207_321)]
    public void Parameters_are_as_many_as_the_official_ones(int depth, long all, long trainable)
    {
        using GflDetector detector = new(new DetectorOptions
        {
            Classes = [.. Enumerable.Range(0, 80).Select(i => $"class {i}")],
            Backbone = new ResNetOptions { Depth = depth },
        });
        Assert.Equal(all, detector.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(trainable, detector.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Starts_as_the_official_initialization_says()
    {
        using GflDetector detector = new(Small with { Neck = new FpnOptions { Channels = 64 }, Head = new GflHeadOptions { Channels = 64 } });
        Dictionary<string, Tensor> state = detector.state_dict();
        Assert.Equal(-4.59511985, state["bbox_head.gfl_cls.bias"].min().item<float>(), 1e-6);
        Assert.Equal(0, state["bbox_head.gfl_reg.bias"].abs().max().item<float>());
        Assert.Equal(0.01, state["bbox_head.cls_convs.1.conv.weight"].std().item<float>(), 5e-4);
        Assert.Equal(0.01, state["bbox_head.gfl_reg.weight"].std().item<float>(), 5e-4);
        Assert.Equal(1, state["bbox_head.scales.4.scale"].item<float>());
        Assert.Equal(0, state["neck.fpn_convs.0.conv.bias"].abs().max().item<float>());

        // Xavier: bound √(6 / (64·9 + 64·9)); Kaiming, fan-out: σ = √(2 / (32·9)).
        Assert.InRange(state["neck.fpn_convs.0.conv.weight"].abs().max().item<float>(), 0.0718f, 0.07217f);
        Assert.Equal(Math.Sqrt(2.0 / 288), state["backbone.layer2.1.conv1.weight"].std().item<float>(), 3e-3);
        foreach ((string name, Tensor entry) in state.Where(entry => entry.Key.Contains(".bn", StringComparison.Ordinal)
            || entry.Key.Contains(".gn.", StringComparison.Ordinal) || entry.Key.Contains("downsample.1.", StringComparison.Ordinal)))
        {
            bool lastOfBlock = name.EndsWith(".bn2.weight", StringComparison.Ordinal);
            bool one = !lastOfBlock && (name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith("_var", StringComparison.Ordinal));
            Assert.True(entry.eq(one ? 1 : 0).all().item<bool>(), name);
        }
    }

    [Fact]
    public void One_seed_gives_one_network_and_leaves_the_global_random_state_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(7);
        Tensor expected = rand(3);
        manual_seed(7);
        using GflDetector first = new(Small, seed: 5);
        Assert.Equal(expected.data<float>().ToArray(), rand(3).data<float>().ToArray());
        using GflDetector second = new(Small, seed: 5);
        using GflDetector third = new(Small, seed: 6);
        Assert.All(first.state_dict(), entry => Assert.True(Same(entry.Value, second.state_dict()[entry.Key])));
        Assert.False(Same(first.Backbone.state_dict()["conv1.weight"], third.Backbone.state_dict()["conv1.weight"]));
    }

    [Fact]
    public void Outlives_the_scope_that_it_was_made_in()
    {
        GflDetector detector;
        using (NewDisposeScope())
        {
            detector = new GflDetector(Small);
        }

        using (detector)
        using (no_grad())
        using (Tensor input = zeros(1, 3, 64, 64))
        using (HeadOutput output = detector.call(input))
        {
            Assert.Equal([1L, 3L, 8L, 8L], output.Scores[0].shape);
            Assert.Equal([1L, 68L, 1L, 1L], output.BoxDistributionLogits[4].shape);
        }
    }

    [Fact]
    public void Frozen_parts_keep_their_statistics_and_have_no_gradient()
    {
        DetectorOptions options = Small with { Backbone = ((ResNetOptions)Small.Backbone) with { FrozenStages = 1 } };
        using GflDetector detector = new(options);
        detector.eval();
        detector.train();
        Dictionary<string, bool> training = Norms(detector);
        Assert.False(training["bn1"]);
        Assert.False(training["layer1.1.bn2"]);
        Assert.True(training["layer2.0.bn1"]);
        Assert.All(detector.named_parameters(), entry => Assert.Equal(
            !(entry.name.StartsWith("backbone.conv1", StringComparison.Ordinal)
                || entry.name.StartsWith("backbone.bn1", StringComparison.Ordinal)
                || entry.name.StartsWith("backbone.layer1.", StringComparison.Ordinal)),
            entry.parameter.requires_grad));

        using GflDetector frozen = new(options with { Backbone = ((ResNetOptions)options.Backbone) with { FrozenBatchNorm = true } });
        frozen.train();
        Assert.DoesNotContain(true, Norms(frozen).Values);
        Assert.True(frozen.Backbone.get_parameter("layer2.0.bn1.weight")!.requires_grad);
    }

    [Fact]
    public void Training_and_eval_agree_where_batch_norm_is_frozen()
    {
        using DisposeScope scope = NewDisposeScope();
        using GflDetector detector = new(Small with { Backbone = ((ResNetOptions)Small.Backbone) with { FrozenBatchNorm = true } });
        Tensor input = randn(2, 3, 64, 64);
        using IDisposable frozen = no_grad();
        detector.train();
        Tensor trained = detector.call(input).BoxDistributionLogits[0];
        detector.eval();
        Tensor evaluated = detector.call(input).BoxDistributionLogits[0];
        Assert.True((trained - evaluated).abs().max().item<float>() < 1e-5 * trained.abs().max().item<float>()); // convolutions may read another layout, and round otherwise
    }

    /// <summary>In evaluation, maps may have channels-last memory, which a part of one's own that reshapes them does not expect.</summary>
    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void A_part_without_bfloat16_gets_contiguous_float32_maps(Precision precision)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using Generator generator = new(1);
        Backbone backbone = Backbones.Create(Small.Backbone, generator);
        Neck neck = Necks.Create(Small.Neck, backbone, generator);
        ReshapingNeck own = new(neck);
        using GflDetector detector = new(Small, backbone, own, Heads.Create(Small.Head, own, 3, generator)) { Precision = precision };
        detector.eval();

        using HeadOutput output = detector.call(randn(1, 3, 64, 96));

        Assert.True(own.WasCalled);
        Assert.All(output.Tensors, map => Assert.Equal(ScalarType.Float32, map.dtype));
    }

    [Fact]
    public void Preprocessing_normalizes_and_leaves_exact_zeros_outside_the_frames()
    {
        using DisposeScope scope = NewDisposeScope();
        using GflDetector detector = new(Small);
        Tensor images = full([2, 3, 4, 6], 100, ScalarType.Byte);
        Tensor x = detector.Preprocess(images, [new ResizeTransform(5, 3), new ResizeTransform(6, 4)]);
        Assert.Equal((100f - 123.675f) / 58.395f, x[0, 0, 2, 4].item<float>(), 1e-6);
        Assert.Equal((100f - 103.53f) / 57.375f, x[1, 2, 3, 5].item<float>(), 1e-6);
        Assert.Equal(0, x[0, .., 3, ..].abs().max().item<float>());
        Assert.Equal(0, x[0, .., .., 5].abs().max().item<float>());
        Assert.Equal(3 * 24, x[1].count_nonzero().item<long>());
        Assert.Throws<ArgumentException>(() => detector.Preprocess(images, [new ResizeTransform(5, 3)]));
        Assert.Throws<ArgumentException>(() => detector.Preprocess(zeros(3, 4, 6)));
        Assert.Throws<ArgumentException>("frames", () => detector.Preprocess(images, [new ResizeTransform(7, 3), new ResizeTransform(6, 4)]));
        Assert.Throws<ArgumentException>("pixels", () => detector.Preprocess(new byte[5], 4, 6, [new ResizeTransform(6, 4)], CPU));
        Assert.Throws<ArgumentNullException>("frames", () => detector.Preprocess(new byte[72], 4, 6, null!, CPU));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => detector.Preprocess(new byte[72], -4, 6, [new ResizeTransform(6, 4)], CPU));
        Assert.Throws<ArgumentException>("input", () => detector.call(zeros(1, 3, 0, 6)));
        images.Dispose();
        Assert.Throws<ArgumentException>("images", () => detector.Preprocess(images));
    }

    [Fact]
    public void Images_that_are_not_normalized_batches_are_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        using GflDetector detector = new(Small);
        foreach (Tensor input in new[] { zeros(1, 1, 64, 64), zeros(3, 64, 64), zeros([1, 3, 64, 64], ScalarType.Byte) })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => detector.call(input));
            Assert.Equal("input", error.ParamName);
            Assert.Contains("[B, 3, H, W]", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentNullException>("options", () => new GflDetector(null!));
    }

    [Theory]
    [InlineData(18)]
    [InlineData(50)]
    public void Bfloat16_trains_float32_weights_with_gradients_near_the_exact_ones(int depth)
    {
        using DisposeScope scope = NewDisposeScope();
        using GflDetector detector = new(Small with { Backbone = ((ResNetOptions)Small.Backbone) with { Depth = depth, BaseChannels = 32 } });
        GroundTruth[] truths = [new([10, 10, 60, 70], [1], 128, 128), new([30, 20, 90, 110], [2], 128, 128)];
        using Generator generator = new(3);
        Tensor input = empty(2, 3, 128, 128).normal_(0, 1, generator);
        (double exact, Dictionary<string, Tensor> exactGradients) = Step(detector, input, truths, Precision.Float32);
        (double coarse, Dictionary<string, Tensor> coarseGradients) = Step(detector, input, truths, Precision.BFloat16);
        Assert.InRange(coarse, exact * 0.99, exact * 1.01);
        foreach ((string name, Tensor gradient) in coarseGradients)
        {
            Assert.Equal(ScalarType.Float32, gradient.dtype);
            if (exactGradients[name].norm().item<float>() > 1e-3 && gradient.numel() > 1)
            {
                float cosine = nn.functional.cosine_similarity(gradient.flatten(), exactGradients[name].flatten(), 0).item<float>();
                Assert.True(cosine > 0.9, $"{name}: cosine {cosine}");
            }
        }
    }

    [Fact]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void Training_steps_leave_as_many_tensors_alive_as_they_found()
    {
        using GflDetector detector = new(Small) { Precision = Precision.Auto };
        using Tensor images = randint(0, 255, [2, 3, 64, 96], ScalarType.Byte);
        using SGD optimizer = optim.SGD(detector.parameters(), 0.001, momentum: 0.9);
        GflCriterion criterion = new(Small.Head, Small.Loss, Small.Classes.Count);
        GroundTruth[] truths = [new([4, 4, 40, 50], [0], 96, 64), new([], [], 90, 60)];
        TrainStep(); // makes gradients and momenta
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 20; i++)
        {
            TrainStep();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void TrainStep()
        {
            using DisposeScope scope = NewDisposeScope();
            optimizer.zero_grad();
            using HeadOutput output = detector.call(detector.Preprocess(images, [new ResizeTransform(96, 64), new ResizeTransform(90, 60)]));
            using LossTerms terms = criterion.Compute(output, truths);
            terms.Total().backward();
            optimizer.step();
        }
    }

    [Fact]
    public void A_forward_pass_leaves_only_its_outputs()
    {
        using GflDetector detector = new(Small);
        using Tensor input = zeros(1, 3, 64, 64);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (no_grad())
        using (HeadOutput output = detector.call(input))
        {
            Assert.Equal(before + 10, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        using (HeadOutput output = detector.call(input))
        {
            Assert.Equal(before + 10, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused_with_the_way_out()
    {
        Refused(Small with { Classes = [] }, "class");
        Refused(Small with { Backbone = ((ResNetOptions)Small.Backbone) with { Depth = 20 } }, "18, 34, 50, 101, 152");
        Refused(Small with { Backbone = ((ResNetOptions)Small.Backbone) with { FrozenStages = 5 } }, "frozenStages");
        Refused(Small with { Head = ((GflHeadOptions)Small.Head) with { NormGroups = 5 } }, "multiple of normGroups");
        Refused(Small with { Head = ((GflHeadOptions)Small.Head) with { Strides = [8, 16] } }, "8, 16, 32, 64, 128");
        Refused(Small with { Head = ((GflHeadOptions)Small.Head) with { RegMax = 0 } }, "regMax");
        Refused(Small with { Neck = Small.Neck with { Levels = 2 }, Head = ((GflHeadOptions)Small.Head) with { Strides = [8, 16] } }, "Neck levels");
        Refused(Small with { Head = ((GflHeadOptions)Small.Head) with { QualityPredictor = new() { TopK = 40 } } }, "topK");
        Refused(Small with { Std = [1, 0, 1] }, "Std");

        static void Refused(DetectorOptions options, string why) => Assert.Contains(
            why, Assert.Throws<OptionException>(() => new GflDetector(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_quality_predictor_multiplies_probabilities_and_may_add_the_official_channel()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        using GflDetector detector = new(Small with { Head = ((GflHeadOptions)Small.Head) with { QualityPredictor = new() { BackgroundChannel = true } } });
        Assert.Equal([4L, 32L, 3L, 3L], detector.state_dict()["bbox_head.gfl_cls.weight"].shape);
        Assert.Equal([64L, 20L, 1L, 1L], detector.state_dict()["bbox_head.reg_conf.0.weight"].shape);
        Assert.Equal([1L, 64L, 1L, 1L], detector.state_dict()["bbox_head.reg_conf.2.weight"].shape);
        HeadOutput output = detector.call(zeros(1, 3, 64, 64));
        Assert.True(output.ScoresAreProbabilities);

        // A fresh predictor says 0.5 of everything, a fresh classifier its prior.
        Assert.Equal(0.01 / 2, output.Scores[0].mean().item<float>(), 1e-3);
    }

    private static (double Loss, Dictionary<string, Tensor> Gradients) Step(
        GflDetector detector, Tensor input, GroundTruth[] truths, Precision precision)
    {
        detector.Precision = precision;
        detector.zero_grad();
        HeadOutput output = detector.call(input);
        Assert.All(output.Scores.Concat(output.BoxDistributionLogits), map => Assert.Equal(ScalarType.Float32, map.dtype));
        Tensor total = new GflCriterion(Small.Head, Small.Loss, Small.Classes.Count).Compute(output, truths).Total();
        total.backward();
        return (total.item<float>(), detector.named_parameters().Where(entry => entry.parameter.grad is not null)
            .ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone()));
    }

    private static bool Same(Tensor a, Tensor b) => a.eq(b).all().item<bool>();

    private static Dictionary<string, bool> Norms(GflDetector detector) => detector.Backbone.named_modules()
        .Where(entry => entry.module is BatchNorm2d).ToDictionary(entry => entry.name, entry => entry.module.training);

    private sealed class ReshapingNeck : Neck
    {
        private readonly Neck _inner;

        public ReshapingNeck(Neck inner)
            : base(nameof(ReshapingNeck), inner.OutChannels, inner.Strides)
        {
            _inner = inner;
            register_module("inner", inner);
        }

        public bool WasCalled { get; private set; }

        public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> input)
        {
            WasCalled = true;
            Assert.All(input, map => Assert.Equal(ScalarType.Float32, map.view(map.size(0), -1).dtype)); // a view requires contiguous memory
            return _inner.call(input);
        }
    }
}
