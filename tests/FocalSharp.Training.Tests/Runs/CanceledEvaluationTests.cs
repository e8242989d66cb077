using System.Diagnostics;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Tests.Runs.Support;

namespace FocalSharp.Training.Tests.Runs;

/// <summary>Cancellation during an evaluation: quick, with the weights saved, and repeated by a resumed run.</summary>
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class CanceledEvaluationTests : IClassFixture<SceneFolder>, IDisposable
{
    private const int TrainImages = 4;

    private readonly DetectionDataset _data;
    private readonly TemporaryFolder _temporary = new();

    public CanceledEvaluationTests(SceneFolder scenes)
    {
        DetectionDataset read = DatasetReader.Read(scenes.Path);
        _data = read with
        {
            Images = [.. read.Images.Select((image, i) => image with { Split = i < TrainImages ? DatasetSplit.Train : DatasetSplit.Val })],
        };
    }

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(0)] // the evaluation after the first of three epochs
    [InlineData(1)]
    [InlineData(2)] // the final evaluation
    public void It_ends_within_two_seconds_and_a_resumed_run_repeats_it(int evaluation)
    {
        TrainingResult whole = TrainingRun.Run(Request("whole"), null, TestContext.Current.CancellationToken);
        using CancellationTokenSource source = new();
        long canceledAt = 0;
        int evaluations = 0;
        int lastDone = 0;
        RecordingMonitor monitor = new()
        {
            OnEvent = value =>
            {
                evaluations += value.Event == TrainingEvent.EvaluationCompleted ? 1 : 0;
                if (value.Event == TrainingEvent.EvaluationProgress && evaluations == evaluation)
                {
                    lastDone = value.Done;
                    canceledAt = Stopwatch.GetTimestamp();
                    source.Cancel();
                }
            },
        };

        TrainingResult canceled = TrainingRun.Run(Request("canceled"), monitor, source.Token);

        Assert.InRange(Stopwatch.GetElapsedTime(canceledAt).TotalSeconds, 0, 2);
        Assert.InRange(lastDone, 1, _data.Images.Count - TrainImages - 1); // it did not finish the images
        Assert.True(canceled.Interrupted);
        Assert.Null(canceled.Result);
        Assert.Equal(evaluation + 1, canceled.Epochs);
        Assert.Contains(monitor.Lines, line => line.Contains("The evaluation was canceled", StringComparison.Ordinal));
        Assert.True(File.Exists(canceled.Folder.LastWeightsPath));
        Assert.False(File.Exists(canceled.Folder.ResultPath));

        RecordingMonitor again = new();
        TrainingResult resumed = TrainingRun.Run(
            TrainingRequest.Resume(canceled.Folder.Path) with { Dataset = _data }, again, TestContext.Current.CancellationToken);

        Assert.False(resumed.Interrupted);
        Assert.Equal(3 - evaluation, again.Evaluations.Count);
        Assert.Equal(whole.Metrics!.Summary, resumed.Metrics!.Summary);
        Assert.Equal(Weights(whole.Folder.LastWeightsPath), Weights(resumed.Folder.LastWeightsPath));
        Assert.Equal(Weights(whole.Folder.BestWeightsPath), Weights(resumed.Folder.BestWeightsPath));
    }

    private static byte[] Weights(string path) => [.. Checkpoint.Read(path).Weights.SelectMany(entry => entry.Value.Data.ToArray())];

    private TrainingRequest Request(string name) => new()
    {
        Dataset = _data,
        Recipe = TinyRecipe.Create() with { Epochs = 3, EvaluateEvery = 1 },
        OutputFolder = _temporary.In(name),
        Options = new TrainerOptions { Precision = Precision.Float32 },
    };
}
