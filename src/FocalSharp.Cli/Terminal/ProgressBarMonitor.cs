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

    public override void Progress(string stage, int done, int total)
    {
        if (!_tasks.TryGetValue(stage, out ProgressTask? task) || task.IsFinished)
        {
            task = context.AddTask(Markup.Escape(stage), maxValue: total);
            _tasks[stage] = task;
        }

        task.Value = done;
        if (done >= total)
        {
            task.StopTask();
        }
    }

    public override void Started(int epochs, int stepsPerEpoch)
    {
        base.Started(epochs, stepsPerEpoch);
        _training = context.AddTask("Training", maxValue: (double)epochs * stepsPerEpoch);
    }

    public override void Rescaled(int epochs, int steps)
    {
        base.Rescaled(epochs, steps);
        _training!.MaxValue = Math.Max(steps, _training.Value);
    }

    public override void StepEnded(StepMetrics step)
    {
        base.StepEnded(step);
        _training!.Description = $"epoch {step.Epoch + 1}/{Epochs} QFL {step.QualityLoss:F3} GIoU {step.BoxLoss:F3} DFL {step.DistributionLoss:F3} "
            + $"pos {step.Positives} lr {step.LearningRate:G2} {step.Images / Math.Max(step.Seconds, 1e-9):F0} img/s";
        _training.Value = step.Step + 1;
    }
}
