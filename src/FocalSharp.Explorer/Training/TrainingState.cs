using FocalSharp.Training.Loop;

namespace FocalSharp.Explorer.Training;

/// <summary>What the training page shows at one moment.</summary>
internal sealed record TrainingState
{
    /// <summary>Gets what the run is doing.</summary>
    public required string Phase { get; init; }

    /// <summary>Gets whether the run has ended.</summary>
    public required bool Ended { get; init; }

    /// <summary>Gets the steps taken.</summary>
    public required int Step { get; init; }

    /// <summary>Gets the steps of the run; 0 while they are unknown.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>Gets the current epoch, from 1; 0 before the first step.</summary>
    public required int Epoch { get; init; }

    /// <summary>Gets the epochs of the run; 0 while they are unknown.</summary>
    public required int TotalEpochs { get; init; }

    /// <summary>Gets the estimated seconds left, evaluations included; null while they are unknown.</summary>
    public required double? SecondsLeft { get; init; }

    /// <summary>Gets the learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Gets the images per second of the last step.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Gets the points of the loss curves.</summary>
    public required IReadOnlyList<LossPoint> Losses { get; init; }

    /// <summary>Gets the evaluations.</summary>
    public required IReadOnlyList<EvaluationSummary> Evaluations { get; init; }

    /// <summary>Gets the latest messages.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>Gets the captions of the pictures.</summary>
    public required IReadOnlyList<string> Captions { get; init; }

    /// <summary>Gets the number of times the pictures were drawn.</summary>
    public required int PictureVersion { get; init; }
}
