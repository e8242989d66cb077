using FocalSharp.Evaluation.Coco;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Tests.Runs.Support;

/// <summary>Remembers what a run says.</summary>
internal sealed class RecordingMonitor : ITrainingMonitor
{
    public List<string> Lines { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<StepMetrics> Steps { get; } = [];

    public List<EpochSummary> Epochs { get; } = [];

    public List<int> RescaledSteps { get; } = [];

    public int EvaluationCount { get; private set; }

    public Action<StepMetrics> OnStep { get; init; } = _ => { };

    public void Info(string line) => Lines.Add(line);

    public void Warn(string line)
    {
        Lines.Add(line);
        Warnings.Add(line);
    }

    public void Progress(string stage, int done, int total) => Assert.InRange(done, 0, total);

    public void Started(int epochs, int stepsPerEpoch) => Assert.True(epochs > 0 && stepsPerEpoch > 0);

    public void Rescaled(int epochs, int steps) => RescaledSteps.Add(steps);

    public void StepEnded(StepMetrics step)
    {
        Steps.Add(step);
        OnStep(step);
    }

    public void EpochEnded(EpochSummary summary) => Epochs.Add(summary);

    public void Evaluated(int epoch, CocoMetrics metrics, bool best)
    {
        Assert.InRange(epoch, 0, int.MaxValue);
        EvaluationCount++;
    }
}
