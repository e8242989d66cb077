using FocalSharp.Models;

namespace FocalSharp.Training.Runs;

/// <summary>What a training run came to.</summary>
/// <param name="Folder">The folder with everything it made.</param>
/// <param name="Result">Its numbers, of the weights after the last epoch.</param>
/// <param name="Epochs">Epochs completed.</param>
/// <param name="PlannedEpochs">Epochs that it was to have.</param>
/// <param name="PreviewPath">The picture to look at first, or null.</param>
public sealed record TrainingOutcome(RunFolder Folder, RunResult Result, int Epochs, int PlannedEpochs, string? PreviewPath)
{
    /// <summary>True where it was ended before its time; what it had learned is judged and kept.</summary>
    public bool Interrupted => Epochs < PlannedEpochs;

    /// <summary>Why it ended before its last epoch by its own decision, or null.</summary>
    public string? StopReason { get; init; }
}
