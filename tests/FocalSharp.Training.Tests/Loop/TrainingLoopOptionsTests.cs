using FocalSharp.Datasets;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tests.Runs.Support;
using BatchNorm2d = TorchSharp.Modules.BatchNorm2d;

namespace FocalSharp.Training.Tests.Loop;

/// <summary>Freezing and accumulation.</summary>
public sealed class TrainingLoopOptionsTests : IClassFixture<SceneFolder>
{
    private readonly DetectionDataset _data;

    public TrainingLoopOptionsTests(SceneFolder scenes) => _data = DatasetReader.Read(scenes.Path).Select(DatasetSplit.Train);

    [Fact]
    public void Frozen_layers_keep_weights_and_statistics_and_the_rest_learns()
    {
        Recipe recipe = Create() with { Freeze = ["backbone", "neck.*.bias"] };
        using LoopHarness harness = new(recipe, _data);
        Dictionary<string, byte[]> before = State(harness.Model);

        harness.Run();

        Dictionary<string, byte[]> after = State(harness.Model);
        Assert.All(before.Keys.Where(name => name.StartsWith("backbone.", StringComparison.Ordinal)), name => Assert.Equal(before[name], after[name]));
        Assert.All(
            before.Keys.Where(name => name.StartsWith("neck.", StringComparison.Ordinal)),
            name => Assert.Equal(name.EndsWith(".bias", StringComparison.Ordinal), before[name].AsSpan().SequenceEqual(after[name])));
        Assert.NotEqual(before["bbox_head.gfl_cls.weight"], after["bbox_head.gfl_cls.weight"]);
    }

    [Fact]
    public void Patterns_that_match_nothing_or_everything_are_reported()
    {
        using GflDetector model = new(Create().Model);

        Assert.Contains("backbone.layer1", Assert.Throws<OptionException>(() => LayerFreezer.Freeze(model, ["backbon"])).Message, StringComparison.Ordinal);
        Assert.Contains("leaves no parameter", Assert.Throws<OptionException>(() => LayerFreezer.Freeze(model, ["*"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Completely_frozen_norms_are_returned_and_no_others()
    {
        using GflDetector model = new(Create().Model);

        IReadOnlyList<BatchNorm2d> norms = LayerFreezer.Freeze(model, ["backbone.bn1", "backbone.layer1.0.bn1.weight"]);

        Assert.Same(model.Backbone.named_modules().Single(entry => entry.name == "bn1").module, Assert.Single(norms));
        Assert.Empty(LayerFreezer.Freeze(model, []));
    }

    [Fact]
    public void Accumulated_batches_make_one_step_of_their_mean_gradient()
    {
        // With the losses' averages and the norms per batch, two equal batches have the gradient of one.
        Recipe twice = Create() with { Accumulate = 2, Repeat = 2 };
        DetectionDataset single = _data with { Images = [.. _data.Images.Take(1)] };
        Recipe plain = twice with { Accumulate = 1, BatchSize = 1, Epochs = 1, EmaDecay = 0, Augmentation = Imaging.Augmentation.AugmentationOptions.None, Optimizer = new OptimizerOptions { BaseBatchSize = 0, ClipNorm = 0 } };
        Recipe accumulated = plain with { Accumulate = 2 };

        StepMetrics expected = Assert.Single(Train(single, plain with { Repeat = 1 }));
        StepMetrics actual = Assert.Single(Train(single, accumulated));
        Assert.Equal(expected.Loss, actual.Loss, 1e-6);
        Assert.Equal(expected.GradientNorm, actual.GradientNorm, 1e-4 * expected.GradientNorm);
        Assert.Equal(2 * expected.Images, actual.Images);
        Assert.Equal(2 * expected.Positives, actual.Positives);
    }

    [Fact]
    public void The_learning_rate_follows_all_images_of_a_step()
    {
        Recipe recipe = Create() with { BatchSize = 2, Accumulate = 4, Optimizer = new OptimizerOptions { LearningRate = 0.01, BaseBatchSize = 16 }, Schedule = new ScheduleOptions { Kind = ScheduleKind.Constant, WarmupSteps = 0 } };

        IReadOnlyList<StepMetrics> steps = Train(_data, recipe with { Epochs = 1 });

        Assert.Equal(2, steps.Count); // 12 images: 6 batches, 4 and 2 per step
        Assert.All(steps, step => Assert.Equal(0.005, step.LearningRate, 1e-12));
    }

    private static Dictionary<string, byte[]> State(GflDetector model) =>
        TensorConversion.ToState(model).ToDictionary(entry => entry.Key, entry => entry.Value.Data.ToArray());

    private static IReadOnlyList<StepMetrics> Train(DetectionDataset data, Recipe recipe)
    {
        using LoopHarness harness = new(recipe, data);
        harness.Run();
        return harness.Steps;
    }

    private Recipe Create()
    {
        Recipe recipe = TinyRecipe.Create();
        return recipe with { Model = recipe.Model with { Classes = _data.Classes } };
    }
}
