using FocalSharp.Evaluation;
using FocalSharp.Training.Runs;
using FocalSharp.Training.Trainers;

namespace FocalSharp.Cli.Terminal;

/// <summary>What both monitors say the same way.</summary>
/// <param name="ui">Where it goes.</param>
internal abstract class TrainingMonitor(ConsoleUi ui) : ITrainingMonitor
{
    private int _epochs;
    private double _secondsPerEpoch;
    private bool _fitTold;

    protected ConsoleUi Ui { get; } = ui;

    protected int StepsPerEpoch { get; private set; } = 1;

    protected int Epochs => _epochs;

    public void Tell(string line) => Ui.Line(line);

    public void Warn(string line) => Ui.Warn(line);

    public abstract void Progress(string stage, int done, int total);

    public virtual void Started(int epochs, int stepsPerEpoch)
    {
        _epochs = epochs;
        StepsPerEpoch = stepsPerEpoch;
        Ui.Line($"Training: {epochs} epochs of {stepsPerEpoch} steps");
    }

    public virtual void Refitted(int epochs, int steps)
    {
        if (!_fitTold)
        {
            _fitTold = true;
            Ui.Line($"Time: about {steps} steps fit ({(double)steps / StepsPerEpoch:F1} epochs); the fit goes on as the run does");
        }

        _epochs = epochs;
    }

    public abstract void Stepped(StepRecord step);

    public void EpochEnded(EpochSummary summary)
    {
        _secondsPerEpoch = _secondsPerEpoch == 0 ? summary.Seconds : (0.7 * _secondsPerEpoch) + (0.3 * summary.Seconds);
        TimeSpan left = TimeSpan.FromSeconds(_secondsPerEpoch * (_epochs - summary.Epoch));
        Ui.Line(
            $"epoch {summary.Epoch,3}/{_epochs}  loss {summary.Loss:F3} (QFL {summary.QualityLoss:F3}, GIoU {summary.BoxLoss:F3}, DFL {summary.DistributionLoss:F3})  "
            + $"positives {summary.Positives:F0}  lr {summary.LearningRate:G3}  {summary.ImagesPerSecond:F1} images/s  {left:h\\:mm\\:ss} left"
            + (summary.Skipped > 0 ? $"  {summary.Skipped} steps skipped: loss or gradient not usable" : ""));
    }

    public void Judged(int epoch, CocoMetrics metrics, bool best) =>
        Ui.Line($"           AP {metrics.AP:F3}  AP50 {metrics.AP50:F3}  AP75 {metrics.AP75:F3}{(best ? "  (best so far)" : "")}");
}
