using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;

namespace FocalSharp.Training.Runs;

/// <summary>How a training run ended.</summary>
public sealed record TrainingResult
{
    /// <summary>Gets the folder with all files of the run.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>
    /// Gets the numbers of the run, for the weights after the last epoch; null if the evaluation was canceled, in which case resuming the
    /// run repeats it.
    /// </summary>
    public RunResult? Result { get; init; }

    /// <summary>Gets the COCO metrics of the final evaluation, or null if it was canceled.</summary>
    public CocoMetrics? Metrics => Result?.Metrics;

    /// <summary>Gets the epochs completed.</summary>
    public required int Epochs { get; init; }

    /// <summary>Gets the epochs of the run.</summary>
    public required int PlannedEpochs { get; init; }

    /// <summary>Gets whether the run was canceled. It can be resumed; the weights are saved.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>Gets why the run stopped before its last epoch by its own decision, or null.</summary>
    public string? StopReason { get; init; }

    /// <summary>Gets the image with ground truth and predictions side by side, or null.</summary>
    public string? PreviewPath { get; init; }
}
