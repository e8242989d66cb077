using FocalSharp.Training.Loop;

namespace FocalSharp.Cli.Terminal;

/// <summary>Prints training progress as plain lines: one per epoch, and one every 20 seconds within long epochs.</summary>
/// <param name="ui">The console.</param>
internal sealed class LineMonitor(ConsoleUi ui) : TrainingMonitor(ui)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(20);
    private DateTime _last = DateTime.UtcNow;

    protected override void OnProgress(string phase, int done, int total)
    {
        if (done >= total || DateTime.UtcNow - _last > ReportInterval)
        {
            _last = DateTime.UtcNow;
            Ui.Line($"{phase}: {done} of {total}");
        }
    }

    protected override void OnStep(StepMetrics step, TrainingProgress value)
    {
        base.OnStep(step, value);
        if (DateTime.UtcNow - _last > ReportInterval)
        {
            _last = DateTime.UtcNow;
            Ui.Line(
                $"  step {step.Step + 1}/{value.TotalSteps}  loss {step.Loss:F3}  positives {step.Positives}  lr {step.LearningRate:G3}  "
                + $"{step.Images / Math.Max(step.Seconds, 1e-9):F1} images/s  {GetTimeLeft(step.Step + 1, value):h\\:mm\\:ss} left");
        }
    }
}
