using FocalSharp.Training.Trainers;

namespace FocalSharp.Cli.Terminal;

/// <summary>Plain lines, one an epoch, and one now and then within long epochs.</summary>
/// <param name="ui">Where it goes.</param>
internal sealed class LineMonitor(ConsoleUi ui) : TrainingMonitor(ui)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);
    private DateTime _last = DateTime.UtcNow;
    private double _secondsPerStep;
    private int _steps;

    public override void Progress(string stage, int done, int total)
    {
        if (done >= total || DateTime.UtcNow - _last > Quiet)
        {
            _last = DateTime.UtcNow;
            Ui.Line($"{stage}: {done} of {total}");
        }
    }

    public override void Stepped(StepRecord step)
    {
        // The mean of all but the first, which pays for what is made once; later of the last twenty or so.
        _secondsPerStep += (step.Seconds - _secondsPerStep) * Math.Max(1.0 / Math.Max(_steps++, 1), 0.05);
        if (DateTime.UtcNow - _last > Quiet)
        {
            _last = DateTime.UtcNow;
            TimeSpan left = TimeSpan.FromSeconds(_secondsPerStep * Math.Max((Epochs * StepsPerEpoch) - step.Step - 1, 0));
            Ui.Line(
                $"  step {step.Step + 1}/{Epochs * StepsPerEpoch}  loss {step.Loss:F3}  positives {step.Positives}  lr {step.LearningRate:G3}  "
                + $"{step.Images / Math.Max(step.Seconds, 1e-9):F1} images/s  {left:h\\:mm\\:ss} left");
        }
    }
}
