using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Models;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Runs.Support;
using TorchSharp;

namespace FocalSharp.Training.Tests.Runs;

public sealed class TrainingRunTests : IClassFixture<SceneFolder>, IDisposable
{
    private readonly SceneFolder _scenes;
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public TrainingRunTests(SceneFolder scenes) => _scenes = scenes;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_writes_all_its_files()
    {
        RecordingMonitor monitor = new();
        TrainingResult outcome = TrainingRun.Run(Request("run"), monitor, TestContext.Current.CancellationToken);

        RunFolder folder = outcome.Folder;
        Assert.False(outcome.Interrupted);
        Assert.Equal(2, outcome.Epochs);
        Assert.All(
            [folder.RecipePath, folder.MetricsPath, folder.LastWeightsPath, folder.BestWeightsPath, folder.ResultPath, folder.ReportPath, folder.DetectionsPath],
            path => Assert.True(File.Exists(path), path));
        Assert.NotEmpty(Directory.GetFiles(folder.PicturesPath, "*.png"));
        Assert.NotEmpty(Directory.GetFiles(folder.Path, "events.out.tfevents.*"));
        using JsonDocument result = JsonDocument.Parse(File.ReadAllText(folder.ResultPath));
        Assert.All(
            ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl", "per_class", "seconds", "images_per_second", "seed", "command"],
            key => Assert.True(result.RootElement.TryGetProperty(key, out _), key));
        JsonElement phases = result.RootElement.GetProperty("phases");
        Assert.All(
            ["loader_wait", "host_to_tensor", "forward", "assignment", "losses", "backward", "clip", "optimizer", "moving_average", "evaluation"],
            phase => Assert.True(phases.GetProperty(phase).GetDouble() > 0, phase));
        Assert.Equal(RecipeBook.Describe(RecipeBook.Load(folder.RecipePath)), File.ReadAllText(folder.RecipePath));
        RunResult loaded = RunResult.Load(folder.Path);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(outcome.Result!.ToJson()), JsonNode.Parse(loaded.ToJson())), loaded.ToJson());
        Assert.Equal(outcome.Result.CalibrationSummary, loaded.CalibrationSummary);
    }

    [Fact]
    public void The_saved_weights_give_the_metrics_of_the_run()
    {
        TrainingResult outcome = TrainingRun.Run(Request("run"), new RecordingMonitor(), TestContext.Current.CancellationToken);

        using TorchDetector model = TorchDetector.Load(outcome.Folder.LastWeightsPath);
        DetectionDataset evaluated = DatasetReader.Read(_scenes.Path).Select(DatasetSplit.Val);
        CocoMetrics again = CocoEvaluator.Evaluate(evaluated, model.DetectAll(evaluated.Images));

        Assert.Equal(64, model.Model.Resize.ShortSide);
        Assert.Equal(DemoDataset.Classes, model.Classes);
        Assert.Equal(outcome.Metrics!.Summary, again.Summary);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void One_seed_gives_one_result_for_any_number_of_loader_threads(Precision precision)
    {
        TrainingResult first = TrainingRun.Run(Request("first", 0, 1, precision), new RecordingMonitor(), TestContext.Current.CancellationToken);
        TrainingResult second = TrainingRun.Run(Request("second", 0, 3, precision), new RecordingMonitor(), TestContext.Current.CancellationToken);
        TrainingResult other = TrainingRun.Run(Request("other", 1, 1, precision), new RecordingMonitor(), TestContext.Current.CancellationToken);

        Assert.Equal(Weights(first), Weights(second));
        Assert.NotEqual(Weights(first), Weights(other));
    }

    [Fact]
    public void Canceling_saves_and_evaluates_the_current_weights()
    {
        using CancellationTokenSource cancellationToken = new();
        RecordingMonitor listener = new() { OnStep = step => { if (step.Step == 2) { cancellationToken.Cancel(); } } };

        TrainingResult outcome = TrainingRun.Run(Request("run"), listener, cancellationToken.Token);

        Assert.True(outcome.Interrupted);
        Assert.Equal(3, listener.Steps.Count);
        Assert.True(File.Exists(outcome.Folder.LastWeightsPath));
        Assert.True(File.Exists(outcome.Folder.ReportPath));
    }

    [Fact]
    public void Training_on_few_images_lowers_the_loss()
    {
        RecordingMonitor listener = new();

        TrainingRun.Run(
            Request("run") with
            {
                Recipe = TinyRecipe.Create() with
                {
                    Epochs = 40,
                    EvaluateEvery = 40,
                    Augmentation = AugmentationOptions.None,
                    Optimizer = new OptimizerOptions { Kind = OptimizerKind.AdamW, LearningRate = 0.002, BaseBatchSize = 0 },
                },
            },
            listener,
            TestContext.Current.CancellationToken);

        Assert.True(listener.Epochs[^1].BoxLoss < 0.8 * listener.Epochs[0].BoxLoss);
        Assert.All(listener.Steps, step => Assert.False(step.Skipped));
    }

    [Fact]
    public void Fine_tuning_starts_from_the_weights_given()
    {
        TrainingResult first = TrainingRun.Run(Request("first"), new RecordingMonitor(), TestContext.Current.CancellationToken);
        RecordingMonitor listener = new();

        TrainingRun.Run(Request("second", seed: 5) with { Weights = first.Folder.Path }, listener, TestContext.Current.CancellationToken);

        Assert.Contains(listener.Lines, line => line.StartsWith("Weights:", StringComparison.Ordinal));
    }

    [Fact]
    public void Fine_tuning_reuses_the_classes_that_both_have()
    {
        TrainingResult first = TrainingRun.Run(Request("first"), new RecordingMonitor(), TestContext.Current.CancellationToken);
        string data = _scenes.CopyTo(Path.Combine(_folder, "renamed"));
        foreach (string annotations in Directory.GetFiles(data, "*.json", SearchOption.AllDirectories))
        {
            File.WriteAllText(annotations, File.ReadAllText(annotations).Replace($"\"{DemoDataset.Classes[0]}\"", "\"something else\"", StringComparison.Ordinal));
        }

        RecordingMonitor listener = new();
        TrainingResult second = TrainingRun.Run(
            Request("second") with { Data = data, Weights = first.Folder.Path }, listener, TestContext.Current.CancellationToken);

        Assert.False(second.Interrupted);
        string report = listener.Lines.Single(line => line.StartsWith("Weights:", StringComparison.Ordinal));
        Assert.Contains($"rows loaded for {DemoDataset.Classes[1]}", report, StringComparison.Ordinal);
        Assert.DoesNotContain($"rows loaded for {DemoDataset.Classes[0]}", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_better_AP_the_run_stops()
    {
        RecordingMonitor listener = new();
        TrainingRequest request = Request("run");

        TrainingResult outcome = TrainingRun.Run(
            request with
            {
                // The rate is far too small: every evaluation is like the one before.
                Recipe = request.Recipe with { Epochs = 50, EvaluateEvery = 1, Patience = 2, Optimizer = request.Recipe.Optimizer with { LearningRate = 1e-12 } },
            },
            listener,
            TestContext.Current.CancellationToken);

        Assert.InRange(outcome.Epochs, 2, 4);
        Assert.Contains("patience 2", outcome.StopReason, StringComparison.Ordinal);
        Assert.False(outcome.Interrupted);
    }

    [Fact]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void A_run_fills_the_time_it_is_given_and_its_schedule_with_it()
    {
        RecordingMonitor listener = new();
        TrainingRequest request = Request("run");
        Recipe recipe = request.Recipe with { Epochs = 1000, Minutes = 2, EvaluateEvery = 1000 };

        // Each reading of this clock advances it by a quarter of a second, so that the machine's speed does not matter.
        TrainingResult outcome = TrainingRun.Run(
            request with { Recipe = recipe, TimeProvider = new SteadyClock(TimeSpan.FromSeconds(0.25)) }, listener, TestContext.Current.CancellationToken);

        Assert.False(outcome.Interrupted);
        Assert.NotEmpty(listener.RescaledSteps);
        Assert.InRange(listener.Steps.Count, 10, 500); // of 3000 planned
        double last = listener.Steps[^1].LearningRate / listener.Steps.Max(step => step.LearningRate);
        Assert.InRange(last, recipe.Schedule.FinalFactor - 1e-9, 0.1); // the cosine schedule is complete
    }

    [Fact]
    public void An_automatic_batch_size_is_saved()
    {
        TrainingRequest request = Request("run");

        TrainingResult outcome = TrainingRun.Run(
            request with { Recipe = request.Recipe with { AutoBatch = true } }, new RecordingMonitor(), TestContext.Current.CancellationToken);

        Recipe used = RecipeBook.Load(outcome.Folder.RecipePath);
        Assert.Equal(request.Recipe.BatchSize, used.BatchSize * used.Accumulate);
    }

    [Fact]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void Memory_that_was_used_before_does_not_hide_the_memory_of_an_image()
    {
        double plain = Megabytes("plain");
        torch.ones(200_000_000).Dispose(); // 800 MB, less than what is mapped and unmapped alone

        Assert.InRange(Megabytes("after"), 0.5 * plain, 2 * plain);

        double Megabytes(string name)
        {
            RecordingMonitor listener = new();
            TrainingRequest request = Request(name);
            Recipe recipe = request.Recipe with { AutoBatch = true, Epochs = 1, Input = request.Recipe.Input.WithSize(640) };
            TrainingRun.Run(request with { Recipe = recipe }, listener, TestContext.Current.CancellationToken);
            string reported = Assert.Single(listener.Lines, line => line.StartsWith("Batch:", StringComparison.Ordinal));
            double megabytes = double.Parse(reported.Split("about ")[1].Split(" MB")[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
            Assert.True(megabytes > 5, reported);
            return megabytes;
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_reported_before_training()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "in the way");
        RecordingMonitor listener = new();

        Assert.ThrowsAny<FocalSharpException>(() => TrainingRun.Run(
            Request("run") with { OutputFolder = Path.Combine(file, "run") }, listener, TestContext.Current.CancellationToken));
        Assert.Empty(listener.Steps);
    }

    private static byte[] Weights(TrainingResult outcome)
    {
        StateDict weights = Checkpoint.Read(outcome.Folder.LastWeightsPath).Weights;
        return [.. weights.SelectMany(entry => entry.Value.Data.ToArray())];
    }

    private TrainingRequest Request(string name, int seed = 0, int workers = 1, Precision precision = Precision.Float32) => new()
    {
        Data = _scenes.Path,
        Recipe = TinyRecipe.Create(),
        OutputFolder = Path.Combine(_folder, name),
        CommandLine = "focalsharp train",
        Options = new TrainerOptions { Seed = seed, LoaderWorkers = workers, Precision = precision },
    };

    private sealed class SteadyClock(TimeSpan tick) : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks += tick.Ticks;
    }
}
