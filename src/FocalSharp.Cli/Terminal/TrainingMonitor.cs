using FocalSharp.Evaluation.Coco;
using FocalSharp.Training.Loop;

namespace FocalSharp.Cli.Terminal;

/// <summary>The base of both training monitors: prints the events of a run, with the options and commands that belong to them.</summary>
/// <param name="ui">The console.</param>
internal abstract class TrainingMonitor(ConsoleUi ui) : IProgress<TrainingProgress>
{
    private int _stepCount;
    private double _secondsPerStep;
    private bool _rescaleReported;

    protected ConsoleUi Ui { get; } = ui;

    public void Report(TrainingProgress value)
    {
        switch (value.Event)
        {
            case TrainingEvent.StepCompleted:
                OnStep(value.Step!.Value, value);
                break;
            case TrainingEvent.EpochCompleted:
                OnEpoch(value.Epoch!, value);
                break;
            case TrainingEvent.EvaluationProgress:
                OnProgress("Evaluating", value.Done, value.Total);
                break;
            case TrainingEvent.TuningProgress:
                OnProgress("Tuning", value.Done, value.Total);
                break;
            case TrainingEvent.TuningMeasured:
                Ui.Line($"  {value.Message}");
                break;
            case TrainingEvent.EvaluationCompleted:
                CocoMetrics metrics = value.Evaluation!.Metrics;
                Ui.Line($"           AP {metrics.AP:F3}  AP50 {metrics.AP50:F3}  AP75 {metrics.AP75:F3}{(value.Evaluation.IsBest ? "  (best so far)" : "")}");
                break;
            case TrainingEvent.Rescaled:
                OnRescaled(value);
                break;
            case TrainingEvent.Started:
                OnStarted(value);
                break;
            case TrainingEvent.DatasetProblemsFound:
                Ui.Warn($"{value.Message} (for all of them: focalsharp data check {value.Path})");
                break;
            case TrainingEvent.SmallObjectsFound:
                Ui.Line($"{value.Message} (--size; 'focalsharp data check' reports more)");
                break;
            case TrainingEvent.BadStepSkipped when value.Path is { } batch:
                Ui.Warn($"{value.Message}\n  Show its cause: focalsharp replay {Path.GetRelativePath(Directory.GetCurrentDirectory(), batch)}");
                break;
            default:
                if (value.IsWarning)
                {
                    Ui.Warn(value.Message);
                }
                else
                {
                    Ui.Line(value.Message);
                }

                break;
        }
    }

    /// <summary>Shows the progress of an evaluation.</summary>
    protected abstract void OnProgress(string phase, int done, int total);

    /// <summary>Shows that training starts.</summary>
    protected virtual void OnStarted(TrainingProgress value) => Ui.Line(value.Message);

    /// <summary>Shows, once, that the steps were adapted to the time budget.</summary>
    protected virtual void OnRescaled(TrainingProgress value)
    {
        if (!_rescaleReported)
        {
            _rescaleReported = true;
            Ui.Line($"Time limit: about {value.TotalSteps} steps ({(double)value.TotalSteps / value.StepsPerEpoch:F1} epochs); the schedule is adjusted during training");
        }
    }

    // The mean of all steps but the first, which includes one-time initialization; later of about the last twenty.
    protected virtual void OnStep(StepMetrics step, TrainingProgress value) =>
        _secondsPerStep += (step.Seconds - _secondsPerStep) * Math.Max(1.0 / Math.Max(_stepCount++, 1), 0.05);

    /// <summary>Estimates the time of the remaining steps.</summary>
    protected TimeSpan GetTimeLeft(int done, TrainingProgress value) => TimeSpan.FromSeconds(_secondsPerStep * Math.Max(value.TotalSteps - done, 0));

    private void OnEpoch(EpochSummary summary, TrainingProgress value) => Ui.Line(
        $"epoch {summary.Epoch,3}/{value.TotalEpochs}  loss {summary.Loss:F3} (QFL {summary.QualityLoss:F3}, GIoU {summary.BoxLoss:F3}, DFL {summary.DistributionLoss:F3})  "
        + $"positives {summary.Positives:F0}  lr {summary.LearningRate:G3}  {summary.ImagesPerSecond:F1} images/s  {GetTimeLeft(summary.Steps, value):h\\:mm\\:ss} left"
        + (summary.Skipped > 0 ? $"  {summary.Skipped} steps skipped (invalid loss or gradient)" : ""));
}
