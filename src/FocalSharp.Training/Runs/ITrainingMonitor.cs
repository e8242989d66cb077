using FocalSharp.Evaluation.Coco;
using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Runs;

/// <summary>Tells a person how a run goes. Called on the training thread.</summary>
public interface ITrainingMonitor
{
    /// <summary>A line worth reading: what is trained on, what was loaded, what was left out.</summary>
    void Info(string line);

    /// <summary>Something is not as it should be, and the run goes on.</summary>
    void Warn(string line);

    /// <summary>A stage other than training moves on: drawing scenes, judging.</summary>
    /// <param name="stage">What is being done.</param>
    /// <param name="done">Units done.</param>
    /// <param name="total">Units in all.</param>
    void Progress(string stage, int done, int total);

    /// <summary>Training begins.</summary>
    void Started(int epochs, int stepsPerEpoch);

    /// <summary>The run was fitted to the time at hand, and will have another number of steps than told before.</summary>
    /// <param name="epochs">Epochs, the last one perhaps not whole.</param>
    /// <param name="steps">Steps of the run.</param>
    void Rescaled(int epochs, int steps);

    /// <summary>A step was taken.</summary>
    void StepEnded(StepMetrics step);

    /// <summary>An epoch ended.</summary>
    /// <param name="summary">Means over its steps.</param>
    void EpochEnded(EpochSummary summary);

    /// <summary>The weights were judged.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="metrics">COCO's numbers.</param>
    /// <param name="best">Whether they are the best so far.</param>
    void Evaluated(int epoch, CocoMetrics metrics, bool best);
}
