using FocalSharp.Training.Loop.Faults;

namespace FocalSharp.Training.Loop;

/// <summary>Watches a training: progress bars, logs, validation, checkpoints. Called on the training thread.</summary>
public interface ITrainingObserver
{
    /// <summary>Before the first step.</summary>
    /// <param name="epochs">Epochs of the run.</param>
    /// <param name="stepsPerEpoch">Steps of each.</param>
    void Started(int epochs, int stepsPerEpoch);

    /// <summary>After each step, the weights at rest: <see cref="Trainer.Capture"/> may be called.</summary>
    /// <param name="step">What it did.</param>
    /// <param name="trainer">The trainer.</param>
    void StepEnded(StepMetrics step, Trainer trainer);

    /// <summary>A step could not be taken; the weights are as before it.</summary>
    /// <param name="error">What is known of it.</param>
    /// <param name="trainer">The trainer.</param>
    /// <returns>Where the batch was kept, or null.</returns>
    string? BadStepFound(BadStep error, Trainer trainer);

    /// <summary>After each epoch, the weights at rest; the time spent here is not training time.</summary>
    /// <param name="epoch">The epoch from 0.</param>
    /// <param name="trainer">The trainer, whose <see cref="Trainer.EvaluationModel"/> model may be run.</param>
    void EpochEnded(int epoch, Trainer trainer);
}
