using FocalSharp.Training.Loop;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Shows training progress as progress bars.</summary>
/// <param name="ui">The console.</param>
/// <param name="context">The progress bars.</param>
internal sealed class ProgressBarMonitor(ConsoleUi ui, ProgressContext context) : TrainingMonitor(ui)
{
    private readonly Dictionary<string, ProgressTask> _tasks = [];
    private ProgressTask? _training;

    protected override void OnProgress(string phase, int done, int total)
    {
        if (!_tasks.TryGetValue(phase, out ProgressTask? task) || task.IsFinished)
        {
            task = context.AddTask(Markup.Escape(phase), maxValue: total);
            _tasks[phase] = task;
        }

        task.Value = done;
        if (done >= total)
        {
            task.StopTask();
        }
    }

    protected override void OnStarted(TrainingProgress value)
    {
        base.OnStarted(value);
        _training = context.AddTask("Training", maxValue: value.TotalSteps);
    }

    protected override void OnRescaled(TrainingProgress value)
    {
        base.OnRescaled(value);
        _training!.MaxValue = Math.Max(value.TotalSteps, _training.Value);
    }

    protected override void OnStep(StepMetrics step, TrainingProgress value)
    {
        base.OnStep(step, value);
        _training!.Description = $"epoch {step.Epoch + 1}/{value.TotalEpochs} QFL {step.QualityLoss:F3} GIoU {step.BoxLoss:F3} DFL {step.DistributionLoss:F3} "
            + $"pos {step.Positives} lr {step.LearningRate:G2} {step.Images / Math.Max(step.Seconds, 1e-9):F0} img/s";
        _training.Value = step.Step + 1;
    }
}
