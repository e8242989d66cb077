using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Tests.Runs.Support;

/// <summary>Records the events of a run.</summary>
internal sealed class RecordingMonitor : IProgress<TrainingProgress>
{
    public List<string> Lines { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<StepMetrics> Steps { get; } = [];

    public List<EpochSummary> Epochs { get; } = [];

    public List<int> RescaledSteps { get; } = [];

    public List<EvaluationSummary> Evaluations { get; } = [];

    public Action<StepMetrics> OnStep { get; init; } = _ => { };

    public Action<TrainingProgress> OnEvent { get; init; } = _ => { };

    public void Report(TrainingProgress value)
    {
        Assert.NotEmpty(value.Message);
        Assert.InRange(value.Done, 0, value.Total);
        switch (value.Event)
        {
            case TrainingEvent.StepCompleted:
                Steps.Add(value.Step!.Value);
                OnStep(value.Step.Value);
                break;
            case TrainingEvent.EpochCompleted:
                Epochs.Add(value.Epoch!);
                break;
            case TrainingEvent.EvaluationCompleted:
                Evaluations.Add(value.Evaluation!);
                break;
            case TrainingEvent.Rescaled:
                RescaledSteps.Add(value.TotalSteps);
                break;
            case TrainingEvent.EvaluationProgress:
                break;
            default:
                Lines.Add(value.Message);
                break;
        }

        if (value.IsWarning)
        {
            Warnings.Add(value.Message);
        }

        OnEvent(value);
    }
}
