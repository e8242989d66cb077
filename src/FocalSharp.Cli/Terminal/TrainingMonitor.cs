using FocalSharp.Evaluation.Coco;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Terminal;

/// <summary>The base of both training monitors: prints messages, epochs and evaluations.</summary>
/// <param name="ui">The console.</param>
internal abstract class TrainingMonitor(ConsoleUi ui) : ITrainingMonitor
{
    private int _epochs;
    private int _total;
    private int _stepCount;
    private double _secondsPerStep;
    private bool _rescaleReported;

    protected ConsoleUi Ui { get; } = ui;

    protected int StepsPerEpoch { get; private set; } = 1;

    protected int Epochs => _epochs;

    public void Info(string line) => Ui.Line(line);

    public void Warn(string line) => Ui.Warn(line);

    public abstract void Progress(string stage, int done, int total);

    public virtual void Started(int epochs, int stepsPerEpoch)
    {
        _epochs = epochs;
        StepsPerEpoch = stepsPerEpoch;
        _total = epochs * stepsPerEpoch;
        Ui.Line($"Training: {epochs} epochs of {stepsPerEpoch} steps");
    }

    public virtual void Rescaled(int epochs, int steps)
    {
        if (!_rescaleReported)
        {
            _rescaleReported = true;
            Ui.Line($"Time limit: about {steps} steps ({(double)steps / StepsPerEpoch:F1} epochs); the schedule is adjusted during training");
        }

        (_epochs, _total) = (epochs, steps);
    }

    // The mean of all steps but the first, which includes one-time initialization; later of about the last twenty.
    public virtual void StepEnded(StepMetrics step) =>
        _secondsPerStep += (step.Seconds - _secondsPerStep) * Math.Max(1.0 / Math.Max(_stepCount++, 1), 0.05);

    public void EpochEnded(EpochSummary summary)
    {
        Ui.Line(
            $"epoch {summary.Epoch,3}/{_epochs}  loss {summary.Loss:F3} (QFL {summary.QualityLoss:F3}, GIoU {summary.BoxLoss:F3}, DFL {summary.DistributionLoss:F3})  "
            + $"positives {summary.Positives:F0}  lr {summary.LearningRate:G3}  {summary.ImagesPerSecond:F1} images/s  {GetTimeLeft(summary.Steps):h\\:mm\\:ss} left"
            + (summary.Skipped > 0 ? $"  {summary.Skipped} steps skipped (invalid loss or gradient)" : ""));
    }

    public void Evaluated(int epoch, CocoMetrics metrics, bool best) =>
        Ui.Line($"           AP {metrics.AP:F3}  AP50 {metrics.AP50:F3}  AP75 {metrics.AP75:F3}{(best ? "  (best so far)" : "")}");

    /// <summary>Estimates the time of the remaining steps.</summary>
    protected TimeSpan GetTimeLeft(int done) => TimeSpan.FromSeconds(_secondsPerStep * Math.Max(_total - done, 0));
}
