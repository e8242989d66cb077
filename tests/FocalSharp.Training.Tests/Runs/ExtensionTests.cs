using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Runs.Support;

namespace FocalSharp.Training.Tests.Runs;

/// <summary>Callbacks, metrics, augmentations and data sets in memory, through the public API only.</summary>
public sealed class ExtensionTests : IClassFixture<SceneFolder>, IDisposable
{
    private readonly DetectionDataset _data;
    private readonly TemporaryFolder _temporary = new();

    public ExtensionTests(SceneFolder scenes) => _data = DatasetReader.Read(scenes.Path);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_data_set_in_memory_trains_and_reports_progress()
    {
        List<TrainingEvent> events = [];

        TrainingResult result = await TrainingRun.RunAsync(
            Request("run"), new Synchronous(value => events.Add(value.Event)), TestContext.Current.CancellationToken);

        Assert.False(result.Interrupted);
        Assert.Equal(2, result.Epochs);
        Assert.NotNull(result.Metrics);
        Assert.Equal(
            [TrainingEvent.DatasetLoaded, TrainingEvent.ModelCreated, TrainingEvent.RunFolderCreated, TrainingEvent.Started],
            events.Where(value => value is not TrainingEvent.SmallObjectsFound).Take(4));
        Assert.Equal(6, events.Count(value => value == TrainingEvent.StepCompleted));
        Assert.Equal(2, events.Count(value => value == TrainingEvent.EpochCompleted));
    }

    [Fact]
    public async Task A_run_on_a_data_set_in_memory_is_resumed_with_the_same_data_set()
    {
        TrainingResult whole = await TrainingRun.RunAsync(Request("whole"), cancellationToken: TestContext.Current.CancellationToken);
        using CancellationTokenSource source = new();
        TrainingResult broken = await TrainingRun.RunAsync(
            Request("broken") with { Callbacks = [new Callback { OnStep = step => { if (step.Step == 3) { source.Cancel(); } } }] }, cancellationToken: source.Token);
        Assert.True(broken.Interrupted);
        Assert.NotNull(broken.Metrics); // a run that is canceled in its training evaluates its weights

        TrainingRequest request = TrainingRequest.Resume(broken.Folder.Path);
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => TrainingRun.RunAsync(request));
        Assert.Contains("in memory", error.Message, StringComparison.Ordinal);
        TrainingResult resumed = await TrainingRun.RunAsync(request with { Dataset = _data }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Weights(whole.Folder), Weights(resumed.Folder));
    }

    [Fact]
    public async Task Callbacks_are_called_on_steps_epochs_and_evaluations()
    {
        Callback callback = new();
        TrainingRequest request = Request("run");

        await TrainingRun.RunAsync(
            request with { Recipe = request.Recipe with { EvaluateEvery = 1 }, Callbacks = [callback] }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([0, 1, 2, 3, 4, 5], callback.Steps);
        Assert.Equal([1, 2], callback.Epochs);
        Assert.Equal([1, 2], callback.Evaluations);
    }

    [Theory]
    [InlineData("step")]
    [InlineData("epoch")]
    [InlineData("evaluation")]
    public async Task An_exception_of_a_callback_ends_the_run_cleanly(string where)
    {
        TrainingRequest request = Request("whole");
        request = request with { Recipe = request.Recipe with { Epochs = 3, EvaluateEvery = 1 } };
        TrainingResult whole = await TrainingRun.RunAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        Callback failing = new()
        {
            OnStep = step => Throw(where == "step" && step.Step == 4),
            OnEpoch = epoch => Throw(where == "epoch" && epoch.Epoch == 2),
            OnEvaluation = evaluation => Throw(where == "evaluation" && evaluation.Epoch == 2),
        };

        TrainingException error = await Assert.ThrowsAsync<TrainingException>(
            () => TrainingRun.RunAsync(request with { OutputFolder = _temporary.In("broken"), Callbacks = [failing] }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("The callback Callback failed in On", error.Message, StringComparison.Ordinal);
        Assert.Contains("it broke", error.Message, StringComparison.Ordinal);
        Assert.Contains(where == "step" ? "All 5 steps are saved" : "All 6 steps are saved", error.Message, StringComparison.Ordinal);
        TrainingResult resumed = await TrainingRun.RunAsync(
            TrainingRequest.Resume(error.RunFolder!) with { Dataset = _data }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Weights(whole.Folder), Weights(resumed.Folder));

        static void Throw(bool now)
        {
            if (now)
            {
                throw new InvalidOperationException("it broke");
            }
        }
    }

    [Fact]
    public async Task A_metric_lands_in_metrics_csv_TensorBoard_and_the_result()
    {
        CountMetric metric = new();
        TrainingRequest request = Request("run");
        Callback callback = new();

        TrainingResult result = await TrainingRun.RunAsync(
            request with { Recipe = request.Recipe with { EvaluateEvery = 1 }, Metrics = [metric], Callbacks = [callback] },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, metric.Values.Count);
        MetricsTable log = MetricsLog.Read(result.Folder.MetricsPath);
        int column = log.Columns.ToList().IndexOf(metric.Name);
        Assert.Equal(metric.Values, log.Rows.Select(row => row[column]).Where(double.IsFinite));
        Assert.Equal(metric.Values[^1], result.Result!.AdditionalMetrics.Single(entry => entry.Key == metric.Name).Value);
        Assert.Contains($"\"{metric.Name}\": {metric.Values[^1]}", File.ReadAllText(result.Folder.ResultPath), StringComparison.Ordinal);
        Assert.Contains(EventFile.Scalars(result.Folder.Path), scalar => $"{scalar}".Contains($"val/{metric.Name}", StringComparison.Ordinal));
        Assert.Equal(metric.Values, callback.AdditionalValues);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("AP")]
    [InlineData("")]
    public async Task A_metric_name_that_cannot_be_a_column_is_refused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => TrainingRun.RunAsync(Request("run") with { Metrics = [new CountMetric { Name = name }] }));

    [Fact]
    public async Task A_custom_augmentation_is_named_in_the_recipe_and_gives_the_same_run_for_any_number_of_threads()
    {
        AugmentationRegistry.Register(new Blackout());
        TrainingRequest request = Request("one");
        Recipe recipe = RecipeBook.Set(request.Recipe, $"augmentation.custom=[{Blackout.RegisteredName}]").Validate();

        TrainingResult plain = await TrainingRun.RunAsync(Request("plain"), cancellationToken: TestContext.Current.CancellationToken);
        TrainingResult one = await TrainingRun.RunAsync(request with { Recipe = recipe }, cancellationToken: TestContext.Current.CancellationToken);
        TrainingResult three = await TrainingRun.RunAsync(
            Request("three") with { Recipe = recipe, Options = new TrainerOptions { Precision = Precision.Float32, LoaderWorkers = 3 } },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Weights(one.Folder), Weights(three.Folder));
        Assert.NotEqual(Weights(plain.Folder), Weights(one.Folder));
        Assert.Equal([Blackout.RegisteredName], RecipeBook.Load(one.Folder.RecipePath).Augmentation.Custom);
    }

    [Fact]
    public void An_augmentation_that_is_not_registered_is_reported()
    {
        OptionException error = Assert.Throws<OptionException>(() => RecipeBook.Set(RecipeBook.Load("gfl-lite"), "augmentation.custom=[nothing]").Validate());

        Assert.Contains("no augmentation 'nothing' is registered", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Weights(RunFolder folder) =>
        [.. Checkpoint.Read(folder.LastWeightsPath).Weights.SelectMany(entry => entry.Value.Data.ToArray())];

    private TrainingRequest Request(string name) => new()
    {
        Dataset = _data,
        Recipe = TinyRecipe.Create(),
        OutputFolder = _temporary.In(name),
        Options = new TrainerOptions { Precision = Precision.Float32 },
    };

    private sealed class Synchronous(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    private sealed class Callback : ITrainingCallback
    {
        public List<int> Steps { get; } = [];

        public List<int> Epochs { get; } = [];

        public List<int> Evaluations { get; } = [];

        public List<double> AdditionalValues { get; } = [];

        public Action<StepMetrics> OnStep { get; init; } = _ => { };

        public Action<EpochSummary> OnEpoch { get; init; } = _ => { };

        public Action<EvaluationSummary> OnEvaluation { get; init; } = _ => { };

        public void OnStepCompleted(StepMetrics step, GflDetector model)
        {
            Steps.Add(step.Step);
            OnStep(step);
        }

        public void OnEpochCompleted(EpochSummary epoch, GflDetector model)
        {
            Epochs.Add(epoch.Epoch);
            OnEpoch(epoch);
        }

        public void OnEvaluationCompleted(EvaluationSummary evaluation, GflDetector model)
        {
            Evaluations.Add(evaluation.Epoch);
            AdditionalValues.AddRange(evaluation.AdditionalMetrics.Select(entry => entry.Value));
            OnEvaluation(evaluation);
        }
    }

    private sealed class CountMetric : IEvaluationMetric
    {
        public string Name { get; init; } = "detections@0";

        public List<double> Values { get; } = [];

        public double Compute(EvaluationContext context)
        {
            Assert.Equal(context.Dataset.Images.Count, context.Detections.Count);
            double value = context.Detections.Sum(image => image.Count) + (100 * Values.Count);
            Values.Add(value);
            return value;
        }
    }

    private sealed class Blackout : IAugmentation
    {
        public const string RegisteredName = "blackout";

        public string Name => RegisteredName;

        public TrainingSample Apply(TrainingSample sample, ref AugmentationRandom random)
        {
            if (random.Chance(0.5))
            {
                Array.Clear(sample.Image.Pixels);
            }

            return sample;
        }
    }
}
