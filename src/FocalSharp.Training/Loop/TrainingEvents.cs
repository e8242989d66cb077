using FocalSharp.Torch.Detectors;

namespace FocalSharp.Training.Loop;

/// <summary>Sends the events of a run to its progress object and its callbacks.</summary>
/// <param name="progress">Receives all events, or null.</param>
/// <param name="callbacks">The callbacks, called in order.</param>
internal sealed class TrainingEvents(IProgress<TrainingProgress>? progress, IReadOnlyList<ITrainingCallback> callbacks)
{
    private RunPosition _position;

    /// <summary>Reports an event.</summary>
    public void Report(TrainingEvent kind, string message, string? path = null) => Report(Create(kind, message) with { Path = path });

    /// <summary>Reports an event with the values in its message.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="message">The event in plain English.</param>
    /// <param name="path">The file or folder that it is about, or null.</param>
    /// <param name="properties">The values: numbers, strings, booleans and null, by names in snake case.</param>
    public void Report(TrainingEvent kind, string message, string? path, params ReadOnlySpan<(string Name, object? Value)> properties)
    {
        KeyValuePair<string, object?>[] pairs = new KeyValuePair<string, object?>[properties.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new(properties[i].Name, properties[i].Value);
        }

        Report(Create(kind, message) with { Path = path, Properties = pairs });
    }

    /// <summary>Reports a warning.</summary>
    public void Warn(string message) => Report(TrainingEvent.Warning, message);

    /// <summary>Reports a warning with its reason.</summary>
    /// <param name="reason">A machine-readable reason, for example <c>images_skipped</c>.</param>
    /// <param name="message">The warning in plain English.</param>
    public void Warn(string reason, string message) => Report(TrainingEvent.Warning, message, null, ("reason", reason));

    /// <summary>Reports that training starts.</summary>
    public void Start(RunPosition position)
    {
        _position = position;
        Report(
            TrainingEvent.Started,
            $"Training: {Quantity.Format(position.TotalEpochs, "epoch")} of {Quantity.Format(position.StepsPerEpoch, "step")}",
            null,
            ("epochs", position.TotalEpochs),
            ("steps_per_epoch", position.StepsPerEpoch),
            ("steps", position.TotalSteps));
    }

    /// <summary>Reports that the number of steps was adapted to the time budget.</summary>
    /// <param name="position">The position in the rescaled run.</param>
    /// <param name="maxSteps">The maximum number of steps of the recipe.</param>
    public void Rescale(RunPosition position, int maxSteps)
    {
        _position = position;
        string epochs = FormattableString.Invariant($"{(double)position.TotalSteps / position.StepsPerEpoch:F1} epochs");
        Report(
            TrainingEvent.Rescaled,
            position.TotalSteps >= maxSteps
                ? $"Time: the recipe's maximum of {position.TotalSteps} steps ({epochs}) fits; more time is not needed"
                : $"Time: about {position.TotalSteps} steps fit ({epochs}); the estimate is updated during the run",
            null,
            ("steps", position.TotalSteps),
            ("max_steps", maxSteps));
    }

    /// <summary>Reports a step.</summary>
    public void CompleteStep(StepMetrics step, GflDetector model)
    {
        if (progress is not null)
        {
            Report(Create(TrainingEvent.StepCompleted, $"step {step.Step + 1}/{_position.TotalSteps}  loss {step.Loss:F3}") with { Step = step });
        }

        Call(nameof(ITrainingCallback.OnStepCompleted), callback => callback.OnStepCompleted(step, model));
    }

    /// <summary>Reports an epoch.</summary>
    public void ReportEpoch(EpochSummary epoch) => Report(
        Create(TrainingEvent.EpochCompleted, $"epoch {epoch.Epoch}/{_position.TotalEpochs}  loss {epoch.Loss:F3}") with { Epoch = epoch });

    /// <summary>Calls the callbacks at the end of an epoch.</summary>
    public void CompleteEpoch(EpochSummary epoch, GflDetector model) =>
        Call(nameof(ITrainingCallback.OnEpochCompleted), callback => callback.OnEpochCompleted(epoch, model));

    /// <summary>Reports the progress of an evaluation.</summary>
    public void ReportEvaluation(int done, int total) =>
        Report(Create(TrainingEvent.EvaluationProgress, $"evaluating: {done} of {total}") with { Done = done, Total = total });

    /// <summary>Reports the progress of a tuning trial.</summary>
    public void ReportTuning(string setting, int done, int total) =>
        Report(Create(TrainingEvent.TuningProgress, $"tuning, {setting}: {done} of {total} steps") with { Done = done, Total = total, Properties = [new("setting", setting)] });

    /// <summary>Reports an evaluation.</summary>
    public void CompleteEvaluation(EvaluationSummary evaluation, GflDetector model)
    {
        string best = evaluation.IsBest ? "  (best so far)" : "";
        Report(Create(
            TrainingEvent.EvaluationCompleted,
            $"AP {evaluation.Metrics.AP:F3}  AP50 {evaluation.Metrics.AP50:F3}  AP75 {evaluation.Metrics.AP75:F3}{best}") with
        { Evaluation = evaluation });
        Call(nameof(ITrainingCallback.OnEvaluationCompleted), callback => callback.OnEvaluationCompleted(evaluation, model));
    }

    private void Report(TrainingProgress value) => progress?.Report(value);

    private TrainingProgress Create(TrainingEvent kind, string message) => new()
    {
        Event = kind,
        Message = message,
        TotalEpochs = _position.StepsPerEpoch > 0 ? _position.TotalEpochs : 0,
        TotalSteps = _position.TotalSteps,
        StepsPerEpoch = _position.StepsPerEpoch,
    };

    private void Call(string method, Action<ITrainingCallback> call)
    {
        foreach (ITrainingCallback callback in callbacks)
        {
            try
            {
                call(callback);
            }
            catch (Exception exception)
            {
                throw new TrainingException($"The callback {callback.GetType().Name} failed in {method}: {exception.Message}", exception);
            }
        }
    }
}
