using FocalSharp.Assignment;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

public sealed class PicoDetTests
{
    /// <summary>Parameters in millions, as published: with 80 classes, norms included (they are counted here, running statistics are not).</summary>
    public static TheoryData<string, double> Published => new()
    {
        { "PicoDet-S (2021)", 0.99 },
        { "PicoDet-M (2021)", 2.15 },
        { "PicoDet-L (2021)", 3.30 },
        { "PicoDet-XS (2022)", 0.70 },
        { "PicoDet-S (2022)", 1.18 },
        { "PicoDet-M (2022)", 3.46 },
        { "PicoDet-L (2022)", 5.80 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Every_variant_has_as_many_parameters_as_published(string name, double millions)
    {
        PicoDetVariant variant = Find(name).WithNorm(NormKind.Batch);
        using GflDetector detector = new(variant.ToOptions([.. Enumerable.Range(0, 80).Select(i => $"c{i}")]));
        Assert.Equal(millions, detector.parameters().Sum(parameter => parameter.numel()) / 1e6, 0.02);
    }

    [Theory]
    [InlineData("PicoDet-S (2021)", new[] { 96, 192, 384 })]
    [InlineData("PicoDet-M (2021)", new[] { 128, 256, 512 })]
    [InlineData("PicoDet-XS (2022)", new[] { 48, 88, 176 })]
    [InlineData("PicoDet-L (2022)", new[] { 256, 512, 1024 })]
    public void Features_have_the_published_widths(string name, int[] widths)
    {
        using Generator generator = new(1);
        using Backbone backbone = Torch.Modeling.Backbones.Backbones.Create(Find(name).Backbone, generator);
        Assert.Equal(widths, backbone.OutChannels);
        Assert.Equal([8, 16, 32], backbone.Strides);
    }

    [Fact]
    public void The_inner_widths_of_ESNet_are_the_published_ones() =>
        Assert.Equal([88, 48, 48, 96, 120, 96, 120, 96, 96, 96, 192, 192, 192], new EsNetOptions().GetInnerChannels());

    [Theory]
    [InlineData("PicoDet-S (2021)", NormKind.Batch)]
    [InlineData("PicoDet-XS (2022)", NormKind.Batch)]
    [InlineData("PicoDet-XS (2022)", NormKind.None)]
    public void Every_parameter_gets_a_gradient_and_levels_have_the_right_sizes(string name, NormKind norm)
    {
        using DisposeScope scope = NewDisposeScope();
        using GflDetector detector = new(Find(name).WithNorm(norm).ToOptions(["a", "b"]));
        detector.train();
        using Generator generator = new(3);
        using HeadOutput output = detector.call(randn([2, 3, 96, 160], generator: generator));
        Assert.Equal([(12L, 20L), (6, 10), (3, 5), (2, 3)], output.Scores.Select(map => (map.size(2), map.size(3))));
        Assert.All(output.BoxDistributionLogits, map => Assert.Equal(32, map.size(1)));
        Assert.Equal(Find(name).Head.TaskAligned, output.ScoresAreProbabilities);

        Tensor sum = zeros(1);
        foreach (Tensor map in output.Scores.Concat(output.BoxDistributionLogits))
        {
            sum = sum + (map * randn(map.shape, generator: generator)).sum();
        }

        sum.backward();

        // Without norms, random weights let the signal fade to 0.
        Assert.Empty(detector.named_parameters()
            .Where(entry => entry.parameter.grad is not { } gradient || (norm == NormKind.Batch && gradient.abs().sum().item<float>() == 0))
            .Select(entry => entry.name));
    }

    [Fact]
    public void The_score_is_the_geometric_mean_of_class_and_alignment()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(5);
        using TaskAlignment alignment = new(16, 5, new ConvBlockOptions(NormKind.None, Activation: ActivationKind.HardSwish), generator);
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in alignment.named_parameters())
        {
            using IDisposable guard = no_grad();
            parameter.zero_();
            if (name == "score.conv.bias")
            {
                parameter.fill_(MathF.Log(3)); // a probability of 3/4
            }
        }

        Tensor scores = alignment.Scale(full([1, 2, 3, 3], MathF.Log(0.25f / 0.75f)), randn([1, 16, 3, 3], generator: generator));
        Assert.Equal(Math.Sqrt(0.25 * 0.75), scores.max().item<float>(), 1e-6);
        Assert.Equal(Math.Sqrt(0.25 * 0.75), scores.min().item<float>(), 1e-6);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void The_quality_predictor_of_GFLv2_multiplies_the_scores_of_light_heads_and_learns(bool pico, bool aligned)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(9);
        GflHeadOptions options = (pico ? PicoDet.Head with { TaskAligned = aligned } : NanoDetG.Head) with { Channels = 32 };
        using GflHead plain = new(options, 32, 2, generator);
        using GflHead guided = new(options with { QualityPredictor = new() }, 32, 2, generator);
        IReadOnlyList<string> added = [.. CheckpointImporter.Load(guided, TensorConversion.ToState(plain)).Missing];
        Assert.Equal(["reg_conf.0.weight", "reg_conf.0.bias", "reg_conf.2.weight", "reg_conf.2.bias"], added);
        Tensor[] levels = [.. options.Strides.Select(stride => randn([1, 32, 64 / stride, 64 / stride], generator: generator))];

        using HeadOutput before = plain.call(levels);
        using HeadOutput after = guided.call(levels);
        Assert.True(after.ScoresAreProbabilities);
        for (int level = 0; level < levels.Length; level++)
        {
            Tensor scores = before.ScoresAreProbabilities ? before.Scores[level] : before.Scores[level].sigmoid();
            Tensor expected = scores * guided.Quality!.call(before.BoxDistributionLogits[level]);
            Assert.True((expected - after.Scores[level]).abs().max().item<float>() < 1e-6);
        }

        after.Scores[0].sum().backward();
        Assert.True(guided.Quality!.parameters().All(parameter => parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0));
    }

    [Fact]
    public void A_task_aligned_head_without_shared_towers_is_refused()
    {
        GflHeadOptions head = PicoDet.Head with { TaskAligned = true };
        head.Validate();
        Assert.Throws<OptionException>((head with { Towers = HeadTowers.Separate }).Validate);
        Assert.Throws<OptionException>((head with { PerLevelWeights = false }).Validate);
        Assert.Throws<OptionException>((head with { StackedConvs = 0 }).Validate);
    }

    [Fact]
    public void Targets_of_the_assigner_weigh_boxes_and_are_the_same_fused_or_not()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(7);
        HeadOptions head = new GflHeadOptions { RegMax = 3, Strides = [8], CenterOffset = 0.5 };
        GroundTruth[] truths = [new([2, 2, 30, 28], [1], 32, 32), new([0, 0, 16, 16, 12, 12, 32, 32], [0, 1], 32, 32)];
        GflLossOptions options = new() { Assigner = new TaskAlignedOptions() };
        Tensor scores = randn([2, 2, 4, 4], generator: generator).requires_grad_();
        Tensor sides = randn([2, 16, 4, 4], generator: generator).requires_grad_();
        using LossTerms fused = new GflCriterion(head, options, 2).Compute(new HeadOutput([scores], [sides]), truths);
        using LossTerms plain = new GflCriterion(head, options, 2) { UseFusedKernels = false }.Compute(new HeadOutput([scores], [sides]), truths);

        Assert.True(fused.Positives > 2);
        Assert.Equal(plain.Positives, fused.Positives);
        Assert.Equal(plain.Classification.item<float>(), fused.Classification.item<float>(), 1e-4);
        Assert.Equal(plain.Box.item<float>(), fused.Box.item<float>(), 1e-4);
        Assert.Equal(plain.Distribution.item<float>(), fused.Distribution.item<float>(), 1e-4);
        Tensor[] expected = autograd.grad([plain.Total()], [scores, sides]).ToArray();
        Tensor[] actual = autograd.grad([fused.Total()], [scores, sides]).ToArray();
        Assert.True((expected[0] - actual[0]).abs().max().item<float>() < 1e-5);
        Assert.True((expected[1] - actual[1]).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void Progress_reaches_the_assigner()
    {
        HeadOptions head = new GflHeadOptions { RegMax = 3, Strides = [8] };
        TaskAlignedAssigner assigner = new();
        GflCriterion criterion = new(head, new GflLossOptions(), 2, assigner, new QualityFocalLoss(), new GiouLoss()) { Progress = 0 };
        Assert.False(assigner.NeedsPredictions);
        criterion.Progress = 0.5;
        Assert.True(assigner.NeedsPredictions);
    }

    private static PicoDetVariant Find(string name) => PicoDet.Variants.Single(variant => variant.Name == name);
}
