using System.Text.Json;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Evaluation;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Demo;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Trainers;

namespace FocalSharp.Training.Tests.Runs;

public sealed class TrainingRunTests : IClassFixture<TrainingRunTests.Scenes>, IDisposable
{
    private readonly Scenes _scenes;
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public TrainingRunTests(Scenes scenes) => _scenes = scenes;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_leaves_everything_that_it_promises()
    {
        TrainingOutcome outcome = TrainingRun.Execute(Request("run"), new Listener(), TestContext.Current.CancellationToken);

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
        Assert.Equal(RecipeBook.Describe(RecipeBook.Load(folder.RecipePath)), File.ReadAllText(folder.RecipePath));
    }

    [Fact]
    public void The_kept_weights_judge_as_the_run_said()
    {
        TrainingOutcome outcome = TrainingRun.Execute(Request("run"), new Listener(), TestContext.Current.CancellationToken);

        using LoadedModel model = LoadedModel.Load(outcome.Folder.LastWeightsPath);
        model.Detector.Precision = Precision.Float32;
        DetectionDataset judged = DatasetReader.Read(_scenes.Folder).Select(DatasetSplit.Val);
        CocoMetrics again = CocoEvaluator.Evaluate(judged, new ImagePredictor(model.Detector, model.Rule).Predict(judged.Images));

        Assert.Equal(64, model.Rule.ShortSide);
        Assert.Equal(DemoDataset.Classes, model.Detector.Options.Classes);
        Assert.Equal(outcome.Result.Metrics.Summary, again.Summary);
    }

    [Fact]
    public void One_seed_gives_one_result_whatever_the_number_of_loader_threads()
    {
        TrainingOutcome first = TrainingRun.Execute(Request("first", workers: 1), new Listener(), TestContext.Current.CancellationToken);
        TrainingOutcome second = TrainingRun.Execute(Request("second", workers: 3), new Listener(), TestContext.Current.CancellationToken);
        TrainingOutcome other = TrainingRun.Execute(Request("other", seed: 1), new Listener(), TestContext.Current.CancellationToken);

        Assert.Equal(Weights(first), Weights(second));
        Assert.NotEqual(Weights(first), Weights(other));
    }

    [Fact]
    public void Ending_early_keeps_and_judges_what_was_learned()
    {
        using CancellationTokenSource cancellation = new();
        Listener listener = new() { OnStep = step => { if (step.Step == 2) { cancellation.Cancel(); } } };

        TrainingOutcome outcome = TrainingRun.Execute(Request("run"), listener, cancellation.Token);

        Assert.True(outcome.Interrupted);
        Assert.Equal(3, listener.Steps.Count);
        Assert.True(File.Exists(outcome.Folder.LastWeightsPath));
        Assert.True(File.Exists(outcome.Folder.ReportPath));
    }

    [Fact]
    public void Training_on_few_images_lowers_the_loss()
    {
        Listener listener = new();

        TrainingRun.Execute(
            Request("run") with
            {
                Recipe = Tiny() with
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
        TrainingOutcome first = TrainingRun.Execute(Request("first"), new Listener(), TestContext.Current.CancellationToken);
        Listener listener = new();

        TrainingRun.Execute(Request("second", seed: 5) with { Weights = first.Folder.Path }, listener, TestContext.Current.CancellationToken);

        Assert.Contains(listener.Lines, line => line.StartsWith("Weights:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_told_before_training()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "in the way");
        Listener listener = new();

        Assert.Throws<UserErrorException>(() => TrainingRun.Execute(
            Request("run") with { Out = Path.Combine(file, "run") }, listener, TestContext.Current.CancellationToken));
        Assert.Empty(listener.Steps);
    }

    private static byte[] Weights(TrainingOutcome outcome)
    {
        StateDict weights = Checkpoint.Read(outcome.Folder.LastWeightsPath).Weights;
        return [.. weights.SelectMany(entry => entry.Value.Data.ToArray())];
    }

    private static Recipe Tiny()
    {
        Recipe lite = RecipeBook.Load("gfl-lite");
        return lite with
        {
            Epochs = 2,
            BatchSize = 4,
            PlainEpochs = 1,
            Input = lite.Input.WithSize(64),
            Model = lite.Model with
            {
                Backbone = lite.Model.Backbone with { BaseChannels = 16 },
                Neck = lite.Model.Neck with { Channels = 32 },
                Head = lite.Model.Head with { Channels = 32, StackedConvs = 1, NormGroups = 8 },
            },
        };
    }

    private TrainingRequest Request(string name, int seed = 0, int workers = 1) => new()
    {
        Data = _scenes.Folder,
        Recipe = Tiny(),
        Out = Path.Combine(_folder, name),
        CommandLine = "focalsharp train",
        Options = new TrainerOptions { Seed = seed, LoaderWorkers = workers, Precision = Precision.Float32 },
    };

    /// <summary>A few drawn scenes, made once.</summary>
    public sealed class Scenes : IDisposable
    {
        public Scenes()
        {
            LibTorch.EnsureLoaded();
            Folder = Directory.CreateTempSubdirectory("focalsharp-scenes-").FullName;
            DemoDataset.Create(Folder, new DemoOptions { TrainImages = 12, ValImages = 6 });
        }

        public string Folder { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    private sealed class Listener : ITrainingMonitor
    {
        public List<string> Lines { get; } = [];

        public List<StepRecord> Steps { get; } = [];

        public List<EpochSummary> Epochs { get; } = [];

        public Action<StepRecord> OnStep { get; init; } = _ => { };

        public void Tell(string line) => Lines.Add(line);

        public void Warn(string line) => Lines.Add(line);

        public void Progress(string stage, int done, int total) => Assert.InRange(done, 0, total);

        public void Started(int epochs, int stepsPerEpoch) => Assert.True(epochs > 0 && stepsPerEpoch > 0);

        public void Stepped(StepRecord step)
        {
            Steps.Add(step);
            OnStep(step);
        }

        public void EpochEnded(EpochSummary summary) => Epochs.Add(summary);

        public void Judged(int epoch, CocoMetrics metrics, bool best) => Assert.InRange(epoch, 0, int.MaxValue);
    }
}
