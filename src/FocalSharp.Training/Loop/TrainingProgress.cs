namespace FocalSharp.Training.Loop;

/// <summary>An event of a training run, reported on the training thread.</summary>
public sealed record TrainingProgress
{
    /// <summary>Gets the kind of the event.</summary>
    public required TrainingEvent Event { get; init; }

    /// <summary>Gets the event in plain English.</summary>
    public required string Message { get; init; }

    /// <summary>Gets whether the event is a warning.</summary>
    public bool IsWarning => Event is TrainingEvent.Warning or TrainingEvent.DatasetProblemsFound or TrainingEvent.BadStepSkipped;

    /// <summary>Gets the metrics of the step for <see cref="TrainingEvent.StepCompleted"/>; otherwise, null.</summary>
    public StepMetrics? Step { get; init; }

    /// <summary>Gets the summary of the epoch for <see cref="TrainingEvent.EpochCompleted"/>; otherwise, null.</summary>
    public EpochSummary? Epoch { get; init; }

    /// <summary>Gets the evaluation for <see cref="TrainingEvent.EvaluationCompleted"/>; otherwise, null.</summary>
    public EvaluationSummary? Evaluation { get; init; }

    /// <summary>Gets the epochs of the run; 0 before <see cref="TrainingEvent.Started"/>. The last epoch may be shorter.</summary>
    public int TotalEpochs { get; init; }

    /// <summary>Gets the steps of the run; 0 before <see cref="TrainingEvent.Started"/>.</summary>
    public int TotalSteps { get; init; }

    /// <summary>Gets the steps of an epoch; 0 before <see cref="TrainingEvent.Started"/>.</summary>
    public int StepsPerEpoch { get; init; }

    /// <summary>Gets the images processed for <see cref="TrainingEvent.EvaluationProgress"/>.</summary>
    public int Done { get; init; }

    /// <summary>Gets the images to process for <see cref="TrainingEvent.EvaluationProgress"/>.</summary>
    public int Total { get; init; }

    /// <summary>Gets the file or folder that the event is about, or null.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Gets the values in <see cref="Message"/> by name, as structured logging takes them: <c>training_images</c> and <c>classes</c> for
    /// <see cref="TrainingEvent.DatasetLoaded"/>, <c>batch_size</c> for <see cref="TrainingEvent.BatchSizeFound"/>, <c>setting</c> and <c>ap</c> for
    /// <see cref="TrainingEvent.TuningMeasured"/>, <c>reason</c> for warnings, and so on (docs/extending.md). Numbers, strings, booleans and null.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Properties { get; init; } = [];

    /// <summary>Returns <see cref="Message"/>.</summary>
    public override string ToString() => Message;
}
