using FocalSharp.Datasets;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Distributed.Support;
using FocalSharp.Training.Tests.Runs.Support;

namespace FocalSharp.Training.Tests.Distributed;

/// <summary>What depends on measurements is decided by all ranks together, even if they measure differently.</summary>
public sealed class DecisionsOnRanksTests(SceneFolder scenes) : IClassFixture<SceneFolder>
{
    private static readonly TrainerOptions Options = new() { Precision = Precision.Float32 };

    [Fact]
    public void Early_stopping_ends_all_ranks_after_the_same_evaluation()
    {
        Recipe recipe = TinyRecipe.Create() with { Epochs = 6, Patience = 1, EvaluateEvery = 1 };
        recipe = recipe with { Optimizer = recipe.Optimizer with { LearningRate = 1e-20 } }; // the AP does not change

        TrainingResult[] results = Run(recipe, _ => TimeProvider.System);

        Assert.All(results, result => Assert.Equal((2, "no better AP in 1 evaluations (patience 1)"), (result.Epochs, result.StopReason)));
    }

    [Fact]
    public void A_time_limit_is_measured_by_the_clock_of_rank_0()
    {
        Recipe recipe = TinyRecipe.Create() with { Minutes = 1000, MaxSamples = 120, EvaluateEvery = 1000 };

        TrainingResult[] slow = Run(recipe, rank => rank == 0 ? TimeProvider.System : new FastClock());
        TrainingResult[] fast = Run(recipe, rank => rank == 0 ? new FastClock() : TimeProvider.System);

        Assert.Equal(10, slow[0].Epochs); // 120 images in steps of 4, 3 steps an epoch
        Assert.InRange(fast[0].Epochs, 1, 3); // three steps are measured first
        Assert.All([slow, fast], ranks => Assert.Equal((ranks[0].Epochs, ranks[0].PlannedEpochs), (ranks[1].Epochs, ranks[1].PlannedEpochs)));
    }

    [Fact]
    public void The_rank_with_the_least_memory_decides_the_batch_size_of_all()
    {
        LibTorch.EnsureLoaded();
        DetectionDataset data = DatasetReader.Read(scenes.Path).Select(DatasetSplit.Train);
        Recipe recipe = TinyRecipe.Create() with { BatchSize = 8, AutoBatch = true };
        recipe = recipe with { Model = recipe.Model with { Classes = data.Classes } };

        (int Batch, int Accumulate)[] sizes = InProcessRanks.Run(2, ranks =>
        {
            Recipe found = BatchSizeFinder.FindBatchSize(
                recipe, fitted => new SampleLoader(data, fitted, seed: 0), Options, new TrainingEvents(null, []), ranks, freeBytes: ranks.Rank == 0 ? long.MaxValue : 1);
            return (found.BatchSize, found.Accumulate);
        });

        Assert.All(sizes, size => Assert.Equal((2, 4), size)); // one image per rank and batch
    }

    private TrainingResult[] Run(Recipe recipe, Func<int, TimeProvider> getClock)
    {
        using TemporaryFolder folder = new();
        return InProcessRanks.Run(2, ranks => TrainingRun.Run(
            new TrainingRequest { Data = scenes.Path, Recipe = recipe, OutputFolder = folder.In("run"), Options = Options, Ranks = ranks, TimeProvider = getClock(ranks.Rank) },
            null,
            TestContext.Current.CancellationToken));
    }

    /// <summary>A clock on which an hour passes with each reading.</summary>
    private sealed class FastClock : TimeProvider
    {
        private long _readings;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 3600 * Interlocked.Increment(ref _readings);
    }
}
