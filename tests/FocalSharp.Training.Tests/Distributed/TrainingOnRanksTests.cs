using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Distributed.Support;
using FocalSharp.Training.Tests.Runs.Support;

namespace FocalSharp.Training.Tests.Distributed;

/// <summary>N ranks with a batch of B / N images each compute what one process does with B.</summary>
public sealed class TrainingOnRanksTests : IClassFixture<SceneFolder>
{
    private readonly SceneFolder _scenes;
    private readonly DetectionDataset _data;

    public TrainingOnRanksTests(SceneFolder scenes) => (_scenes, _data) = (scenes, DatasetReader.Read(scenes.Path).Select(DatasetSplit.Train));

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)] // parts of different size
    [InlineData(2, true)]
    public void Losses_and_weights_are_those_of_one_process(int size, bool frozenNorms)
    {
        Recipe recipe = Create(frozenNorms);

        Trained alone = Train(recipe, _data, SingleProcessCollective.Instance);
        Trained[] together = InProcessRanks.Run(size, ranks => Train(recipe, _data, ranks));

        Assert.All(together, rank => AssertEqual(alone, rank));
        Assert.All(together, rank => Assert.Equal(together[0].Weights, rank.Weights)); // bit for bit
    }

    [Fact]
    public void Images_without_objects_and_ranks_without_positives_change_nothing()
    {
        DetectionDataset sparse = _data with { Images = [.. _data.Images.Select((image, i) => i == 0 ? image : image with { Objects = [] })] };
        DetectionDataset empty = _data with { Images = [.. _data.Images.Select(image => image with { Objects = [] })] };

        foreach (DetectionDataset data in new[] { sparse, empty })
        {
            Trained alone = Train(Create(frozenNorms: false), data, SingleProcessCollective.Instance);
            Trained[] together = InProcessRanks.Run(4, ranks => Train(Create(frozenNorms: false), data, ranks));
            Assert.Contains(alone.Steps, step => step.Positives == 0);
            Assert.All(together, rank => AssertEqual(alone, rank));
        }
    }

    [Fact]
    public void Accumulation_and_the_operators_without_fusion_are_those_of_one_process()
    {
        Recipe recipe = Create(frozenNorms: true) with { BatchSize = 2, Accumulate = 2 };
        recipe = recipe with { Model = recipe.Model with { Loss = recipe.Model.Loss with { Box = new FocalSharp.Torch.Losses.IouLossOptions("diou") } } };

        Trained alone = Train(recipe, _data, SingleProcessCollective.Instance);
        Trained[] together = InProcessRanks.Run(2, ranks => Train(recipe, _data, ranks));

        Assert.All(together, rank => AssertEqual(alone, rank));
    }

    [Fact]
    public void Gradients_sent_in_bfloat16_train_nearly_the_same_and_leave_all_ranks_with_equal_weights()
    {
        Recipe recipe = Create(frozenNorms: false) with { GradientPrecision = Precision.BFloat16 };

        Trained alone = Train(recipe, _data, SingleProcessCollective.Instance);
        Trained[] together = InProcessRanks.Run(3, ranks => Train(recipe, _data, ranks));

        Assert.All(together, rank => Assert.Equal(together[0].Weights, rank.Weights)); // bit for bit
        foreach ((StepMetrics one, StepMetrics other) in alone.Steps.Zip(together[0].Steps))
        {
            Assert.Equal(one.Loss, other.Loss, 0.02 * Math.Max(1, one.Loss));
            Assert.Equal(one.GradientNorm, other.GradientNorm, 0.02 * Math.Max(1, one.GradientNorm));
        }

        Assert.NotEqual(alone.Weights, together[0].Weights); // it was rounded
    }

    [Fact]
    public void A_bad_step_is_skipped_by_all_ranks_and_found_on_the_one_that_has_it()
    {
        StepOutcome[] outcomes = InProcessRanks.Run(2, ranks =>
        {
            Recipe recipe = Create(frozenNorms: false);
            using GflDetector model = new(recipe.Model);
            using Trainer trainer = new(model, recipe, 3, Options, ranks);
            TrainingBatch batch = new SampleLoader(_data, recipe, seed: 0, ranks: ranks).LoadEpoch(0).First();
            if (ranks.Rank == 1)
            {
                batch.Targets.First(truth => truth.Count > 0).Labels[0] = 99;
            }

            StepOutcome outcome = new TrainingStep(trainer).Take([batch], 0);
            TrainingBatch shared = BatchMessage.Share(ranks, batch, outcome.Rank);
            Assert.Contains(shared.Targets, truth => truth.Labels.Contains(99));
            return outcome;
        });

        Assert.All(outcomes, outcome => Assert.Equal((BadStepKind.InvalidTarget, 1), (outcome.BadStep, outcome.Rank)));
    }

    [Fact]
    public void A_run_writes_what_one_process_writes()
    {
        using TemporaryFolder folder = new();
        Recipe recipe = TinyRecipe.Create();

        TrainingResult single = Run(folder.In("alone"), SingleProcessCollective.Instance);
        RunFolder alone = single.Folder;
        TrainingResult[] together = InProcessRanks.Run(2, ranks => Run(folder.In("together"), ranks));

        Assert.NotNull(together[0].Result);
        Assert.Null(together[1].Result);
        Assert.Empty(single.Result!.Ranks);
        Assert.Equal([6, 6], together[0].Result!.Ranks.Select(rank => rank.Steps));
        Assert.All(together[0].Result!.Ranks, rank => Assert.InRange(rank.GradientWaitSeconds, 0, rank.StepSeconds - rank.ExchangeSeconds));
        Assert.Contains("\"gradient_wait_seconds\"", File.ReadAllText(together[0].Folder.ResultPath), StringComparison.Ordinal);
        Assert.Equal(Names(alone), Names(together[0].Folder));
        AssertClose(ReadWeights(alone), ReadWeights(together[0].Folder));
        string[] expected = File.ReadAllLines(alone.MetricsPath);
        string[] actual = File.ReadAllLines(together[0].Folder.MetricsPath);
        Assert.Equal(expected.Select(line => line.Split(',')[..2]), actual.Select(line => line.Split(',')[..2]));

        TrainingResult Run(string path, ICollective ranks) => TrainingRun.Run(
            new TrainingRequest { Data = _scenes.Path, Recipe = recipe, OutputFolder = path, Options = Options, Ranks = ranks }, null, TestContext.Current.CancellationToken);

        static string[] Names(RunFolder run) =>
            [.. Directory.GetFiles(run.Path).Select(Path.GetFileName).OfType<string>().Where(name => !name.StartsWith("events", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        static float[] ReadWeights(RunFolder run)
        {
            using GflDetector model = DetectorCheckpoint.Load(run.LastWeightsPath);
            return ReadValues(model);
        }
    }

    [Fact]
    public void A_rank_with_other_data_or_another_recipe_is_named()
    {
        using TemporaryFolder folder = new();
        DetectionDataset whole = DatasetReader.Read(_scenes.Path);
        DetectionDataset other = whole with { Images = [.. whole.Images.Select((image, i) => i == 0 ? image with { Objects = [] } : image)] };

        string data = Start(ranks => new TrainingRequest { Dataset = ranks.Rank == 1 ? other : whole, Recipe = TinyRecipe.Create(), Options = Options });
        string recipe = Start(ranks => new TrainingRequest
        {
            Dataset = whole,
            Recipe = TinyRecipe.Create() with { Epochs = ranks.Rank == 1 ? 3 : 2 },
            Options = Options,
        });

        Assert.StartsWith("Rank 1 of 2 on ", data, StringComparison.Ordinal);
        Assert.Contains("is not the data of rank 0: 1 ", data, StringComparison.Ordinal);
        Assert.Contains("epochs: 3 instead of epochs: 2", recipe, StringComparison.Ordinal);

        string Start(Func<ICollective, TrainingRequest> create) => InProcessRanks.Run(2, ranks => Assert.Throws<TrainingException>(() => TrainingRun.Run(
            create(ranks) with { OutputFolder = folder.In("run"), Ranks = ranks }, null, TestContext.Current.CancellationToken)).Message).Distinct().Single();
    }

    private static TrainerOptions Options => new() { Precision = Precision.Float32 };

    private Recipe Create(bool frozenNorms)
    {
        Recipe recipe = TinyRecipe.Create();
        return recipe with
        {
            DropEmptyImages = false,
            Model = recipe.Model with { Classes = _data.Classes, Backbone = (ResNetOptions)recipe.Model.Backbone with { FrozenBatchNorm = frozenNorms } },
        };
    }

    private static Trained Train(Recipe recipe, DetectionDataset data, ICollective ranks)
    {
        SampleLoader loader = new(data, recipe, seed: 0, ranks: ranks);
        using GflDetector model = new(recipe.Model);
        using Trainer trainer = new(model, recipe, loader.StepsPerEpoch, Options, ranks);
        TrainingStep step = new(trainer);
        List<StepMetrics> steps = [];
        foreach (TrainingBatch[] group in loader.LoadEpoch(0).Chunk(recipe.Accumulate))
        {
            StepOutcome outcome = step.Take(StepAgreement.Reach(ranks, group, null, false, recipe.Accumulate).Group, 0);
            Assert.Null(outcome.BadStep);
            trainer.NextStep++;
            steps.Add(outcome.Metrics);
        }

        return new Trained(steps, ReadValues(model));
    }

    private static float[] ReadValues(GflDetector model) =>
        [.. TensorConversion.ToState(model).Where(entry => entry.Value.Type == FocalSharp.Checkpoints.ElementType.F32).SelectMany(entry => entry.Value.ToDoubles()).Select(value => (float)value)];

    private static void AssertEqual(Trained expected, Trained actual)
    {
        Assert.Equal(expected.Steps.Count, actual.Steps.Count);
        foreach ((StepMetrics one, StepMetrics other) in expected.Steps.Zip(actual.Steps))
        {
            Assert.Equal((one.Images, one.Positives), (other.Images, other.Positives));
            Assert.Equal(one.Loss, other.Loss, 1e-4 * Math.Max(1, one.Loss));
            Assert.Equal(one.GradientNorm, other.GradientNorm, 1e-3 * Math.Max(1, one.GradientNorm));
        }

        AssertClose(expected.Weights, actual.Weights);
    }

    // AdamW divides by the root of the squared gradient, so a gradient of nearly 0 that rounds differently moves a weight by up to a learning rate.
    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double[] differences = [.. expected.Zip(actual, (one, other) => (double)Math.Abs(one - other))];
        Assert.InRange(differences.Max(), 0, 5e-3);
        Assert.InRange(differences.Average(), 0, 2e-5);
    }

    private sealed record Trained(IReadOnlyList<StepMetrics> Steps, float[] Weights);
}
