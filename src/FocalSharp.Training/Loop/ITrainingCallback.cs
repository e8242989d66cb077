using FocalSharp.Torch.Detectors;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Runs code during training. Methods are called on the training thread, between steps. An exception ends the run with a
/// <see cref="TrainingException"/> after the weights and a checkpoint were saved.
/// </summary>
public interface ITrainingCallback
{
    /// <summary>Called after each step.</summary>
    /// <param name="step">The step's metrics.</param>
    /// <param name="model">The trained model. Changing its weights changes the training.</param>
    void OnStepCompleted(StepMetrics step, GflDetector model)
    {
    }

    /// <summary>Called after each epoch, once its weights and checkpoint are saved if they are due.</summary>
    /// <param name="epoch">Means over the epoch's steps.</param>
    /// <param name="model">The model that is evaluated and saved: the moving average of the weights, if the recipe has one.</param>
    void OnEpochCompleted(EpochSummary epoch, GflDetector model)
    {
    }

    /// <summary>Called after each evaluation.</summary>
    /// <param name="evaluation">The evaluation's result.</param>
    /// <param name="model">The model that was evaluated.</param>
    void OnEvaluationCompleted(EvaluationSummary evaluation, GflDetector model)
    {
    }
}
