using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Runs.Support;
using TorchSharp;

namespace FocalSharp.Training.Tests.Runs;

// Alone in its process: what other tests take meanwhile would count as this training's.
[CollectionDefinition(nameof(FlatMemoryTests), DisableParallelization = true)]
[Collection(nameof(FlatMemoryTests))]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class FlatMemoryTests : IClassFixture<SceneFolder>, IDisposable
{
    private const int Steps = 2000;
    private const long Allowed = 48L << 20; // one forgotten feature map a step would take several times as much

    private readonly SceneFolder _scenes;
    private readonly TemporaryFolder _temporary = new();

    public FlatMemoryTests(SceneFolder scenes) => _scenes = scenes;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Memory_stays_flat_over_two_thousand_steps()
    {
        Recipe tiny = TinyRecipe.Create();
        Recipe recipe = tiny with
        {
            Epochs = 2,
            Repeat = Steps / 2 / 12,
            BatchSize = 1,
            Checkpoint = new CheckpointOptions { Steps = 200 },
            Augmentation = Imaging.Augmentation.AugmentationOptions.ResizeAndFlip,
            Model = tiny.Model with
            {
                Neck = tiny.Model.Neck with { Channels = 16 },
                Head = (GflHeadOptions)tiny.Model.Head with { Channels = 16, NormGroups = 4 },
            },
        };
        List<(long Tensors, long Bytes)> seen = [];
        RecordingMonitor listener = new()
        {
            OnStep = step =>
            {
                if (step.Step % 100 == 99)
                {
                    GC.Collect();
                    seen.Add((DisposeScopeManager.Statistics.ThreadTotalLiveCount, Environment.WorkingSet));
                }
            },
        };

        TrainingRun.Run(
            new TrainingRequest { Data = _scenes.Path, Recipe = recipe, OutputFolder = _temporary.In("run"), Options = new TrainerOptions { Precision = Precision.Float32 } },
            listener,
            TestContext.Current.CancellationToken);

        Assert.True(listener.Steps.Count >= Steps - 24, $"{listener.Steps.Count} steps"); // whole passes over twelve images
        Assert.Single(seen.Skip(1).Select(sample => sample.Tensors).Distinct());
        Assert.True(seen[^1].Bytes - seen[4].Bytes < Allowed, string.Join(", ", seen.Select(sample => $"{sample.Bytes >> 20} MiB")));
    }
}
