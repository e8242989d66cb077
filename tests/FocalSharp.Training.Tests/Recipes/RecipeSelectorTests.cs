using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Recipes;

public sealed class RecipeSelectorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.In("weights.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_light_familys_weights_choose_its_recipe_and_bring_their_own_net()
    {
        DetectorOptions sibling = NanoDetG.Options with
        {
            Classes = ["a", "b"],
            Backbone = NanoDetG.Backbone with { BaseChannels = 16, Blocks = [1, 1, 1, 1] },
            Neck = NanoDetG.Options.Neck with { Channels = 48, Levels = 4 },
            Head = NanoDetG.Head with { Channels = 48, Strides = [8, 16, 32, 64], Towers = HeadTowers.Separate, Depthwise = true },
        };
        using GflDetector detector = new(sibling);
        DetectorCheckpoint.Save(File, detector);

        Recipe recipe = RecipeSelector.SelectForWeights(File).Validate();

        Assert.Equal(RecipeSelector.NanoDet, recipe.Name);
        using GflDetector again = new(recipe.Model with { Classes = ["c"] });
        ImportReport report = CheckpointImporter.Load(again, Checkpoint.Read(File));
        Assert.Empty(report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.All(report.ReinitializedTensors, tensor => Assert.StartsWith("bbox_head.gfl_cls.", tensor.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Other_detectors_train_on_in_the_default_recipe_with_their_own_net()
    {
        DetectorOptions small = new()
        {
            Classes = ["a"],
            Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
            Neck = new FpnOptions { Channels = 32 },
            Head = new GflHeadOptions { Channels = 32, StackedConvs = 1 },
        };
        using GflDetector detector = new(small);
        DetectorCheckpoint.Save(File, detector);

        Recipe recipe = RecipeSelector.SelectForWeights(File).Validate();

        Assert.Equal(RecipeSelector.Default, recipe.Name);
        Assert.Equal(small.Backbone, recipe.Model.Backbone);
        Assert.Equal(small.Neck, recipe.Model.Neck);
    }

    [Fact]
    public void A_backbone_alone_leaves_the_net_to_the_default_recipe()
    {
        SafetensorsFile.Write(File, new StateDict([new("conv1.weight", StateTensor.From(new float[64 * 3 * 49], 64, 3, 7, 7))]));
        Assert.Equal(RecipeBook.Load(RecipeSelector.Default), RecipeSelector.SelectForWeights(File), (a, b) => RecipeBook.Describe(a) == RecipeBook.Describe(b));
    }

    [Fact]
    public void The_shipped_recipe_is_the_published_net()
    {
        Recipe recipe = RecipeBook.Load("nanodet-g");
        DetectorOptions published = NanoDetG.Options;

        // A head without norms has no use for the number of their groups.
        published = published with
        {
            Classes = [],
            Loss = recipe.Model.Loss,
            Head = NanoDetG.Head with { NormGroups = ((GflHeadOptions)recipe.Model.Head).NormGroups },
        };
        Assert.Equal(RecipeBook.Describe(recipe), RecipeBook.Describe(recipe with { Model = published }));
    }

    [Theory]
    [InlineData("nanodet-efficientnet-lite0-320", "NanoDet-EfficientNet-Lite0")]
    [InlineData("nanodet-efficientnet-lite1-416", "NanoDet-EfficientNet-Lite1")]
    [InlineData("nanodet-efficientnet-lite2-512", "NanoDet-EfficientNet-Lite2")]
    [InlineData("nanodet-repvgg-a0-416", "NanoDet-RepVGG-A0")]
    public void The_recipe_of_each_NanoDet_is_the_published_net(string name, string published)
    {
        Recipe recipe = RecipeBook.Load(name).Validate();
        NanoDetVariant variant = NanoDetVariants.All.Single(one => one.Name == published);

        DetectorOptions expected = variant.ToOptions([]) with { Loss = recipe.Model.Loss };
        Assert.Equal(RecipeBook.Describe(recipe with { Model = expected }), RecipeBook.Describe(recipe));
        Assert.Equal((variant.Size, variant.Size), (recipe.Input.LongSide, recipe.Input.ShortSide));
    }

    [Theory]
    [InlineData("NanoDet-EfficientNet-Lite0")]
    [InlineData("NanoDet-RepVGG-A0")]
    public void The_weights_of_a_NanoDet_with_another_backbone_choose_its_recipe_and_bring_their_own_net(string name)
    {
        NanoDetVariant variant = NanoDetVariants.All.Single(one => one.Name == name);
        using GflDetector detector = new(variant.ToOptions(["a", "b"]));
        DetectorCheckpoint.Save(File, detector);

        Recipe recipe = RecipeSelector.SelectForWeights(File).Validate();

        Assert.Equal(RecipeSelector.NanoDet, recipe.Name);
        Assert.Equal((variant.Backbone, detector.Options.Mean[0]), (recipe.Model.Backbone, recipe.Model.Mean[0]));
    }

    [Theory]
    [InlineData(292, 31)]
    [InlineData(20, Recipe.MaxBudgetEpochs)]
    [InlineData(5000, Recipe.MinBudgetEpochs)]
    public void A_budget_of_images_gives_the_epochs(int images, int epochs) =>
        Assert.Equal(epochs, (new Recipe() with { Epochs = 0, SampleBudget = 9000 }).Validate().WithEpochsForImages(images).Epochs);

    [Fact]
    public void Stated_epochs_win_over_the_budget() =>
        Assert.Equal(3, (new Recipe() with { Epochs = 3, SampleBudget = 9000 }).WithEpochsForImages(10).Epochs);

    [Theory]
    [InlineData(60, 4, 0, 36208)] // 4 × 31 epochs of 292 images
    [InlineData(60, 0, 0, 0)]
    [InlineData(60, 4, 100, 100)]
    [InlineData(0, 4, 0, 0)]
    public void A_time_limit_trains_at_most_a_multiple_of_the_budget(double minutes, int factor, int maxSamples, int expected)
    {
        Recipe recipe = new() { Epochs = 0, SampleBudget = 9000, Minutes = minutes, MaxBudgetFactor = factor, MaxSamples = maxSamples };

        Assert.Equal(expected, recipe.WithEpochsForImages(292).MaxSamples);
        Assert.Equal(maxSamples, (recipe with { Epochs = 3 }).WithEpochsForImages(292).MaxSamples);
    }

    [Theory]
    [InlineData(416, 416, 5000)]
    [InlineData(416, 208, 20000)]
    [InlineData(416, 832, 1250)]
    public void The_budget_is_one_of_pixels(int from, int to, int samples)
    {
        Recipe recipe = new() { Epochs = 0, SampleBudget = 5000 };

        Assert.Equal(samples, (recipe with { Input = recipe.Input.WithSize(to) }).WithSampleBudgetFrom(from).SampleBudget);
    }

    [Fact]
    public void Memory_is_measured_at_the_largest_training_size()
    {
        InputOptions input = new InputOptions().WithSize(416);

        Assert.Same(input, input.WithLargestScale());
        Assert.Equal([640], (input with { MultiScale = [416, 640, 512] }).WithLargestScale().MultiScale);
    }

    [Fact]
    public void Neither_epochs_nor_budget_is_refused() =>
        Assert.Contains("sampleBudget", Assert.Throws<OptionException>(() => (new Recipe() with { Epochs = 0 }).Validate()).Message, StringComparison.Ordinal);
}
