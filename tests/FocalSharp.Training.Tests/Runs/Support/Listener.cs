using FocalSharp.Evaluation;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Trainers;

namespace FocalSharp.Training.Tests.Runs.Support;

/// <summary>Remembers what a run says.</summary>
internal sealed class Listener : ITrainingMonitor
{
    public List<string> Lines { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<StepRecord> Steps { get; } = [];

    public List<EpochSummary> Epochs { get; } = [];

    public List<int> Fits { get; } = [];

    public int Judgements { get; private set; }

    public Action<StepRecord> OnStep { get; init; } = _ => { };

    public void Tell(string line) => Lines.Add(line);

    public void Warn(string line)
    {
        Lines.Add(line);
        Warnings.Add(line);
    }

    public void Progress(string stage, int done, int total) => Assert.InRange(done, 0, total);

    public void Started(int epochs, int stepsPerEpoch) => Assert.True(epochs > 0 && stepsPerEpoch > 0);

    public void Refitted(int epochs, int steps) => Fits.Add(steps);

    public void Stepped(StepRecord step)
    {
        Steps.Add(step);
        OnStep(step);
    }

    public void EpochEnded(EpochSummary summary) => Epochs.Add(summary);

    public void Judged(int epoch, CocoMetrics metrics, bool best)
    {
        Assert.InRange(epoch, 0, int.MaxValue);
        Judgements++;
    }
}
