namespace FocalSharp.Training.Loop;

/// <summary>The kinds of <see cref="TrainingProgress"/>.</summary>
public enum TrainingEvent
{
    /// <summary>The data set was read and split.</summary>
    DatasetLoaded,

    /// <summary>The data set has problems; the affected entries are left out (a warning).</summary>
    DatasetProblemsFound,

    /// <summary>Many objects are small at the recipe's input size.</summary>
    SmallObjectsFound,

    /// <summary>A batch size that fits into memory was found.</summary>
    BatchSizeFound,

    /// <summary>Initial weights were loaded.</summary>
    WeightsLoaded,

    /// <summary>The model was created.</summary>
    ModelCreated,

    /// <summary>The run's folder was created or opened; <see cref="TrainingProgress.Path"/> is the folder.</summary>
    RunFolderCreated,

    /// <summary>The run continues from a checkpoint.</summary>
    Resumed,

    /// <summary>A setting that does not change the weights differs from the one that the run started with.</summary>
    SettingChanged,

    /// <summary>Something differs from the original run or cannot be saved; training continues (a warning).</summary>
    Warning,

    /// <summary>Training starts.</summary>
    Started,

    /// <summary>The number of steps was adapted to the time budget.</summary>
    Rescaled,

    /// <summary>A step was taken or skipped; <see cref="TrainingProgress.Step"/> describes it.</summary>
    StepCompleted,

    /// <summary>A bad step was skipped (a warning); <see cref="TrainingProgress.Path"/> is the saved batch, if it was saved.</summary>
    BadStepSkipped,

    /// <summary>An epoch ended; <see cref="TrainingProgress.Epoch"/> summarizes it.</summary>
    EpochCompleted,

    /// <summary>The initial weights are evaluated before training.</summary>
    PretrainedEvaluationStarted,

    /// <summary>
    /// Images of an evaluation were processed; <see cref="TrainingProgress.Done"/> and <see cref="TrainingProgress.Total"/> count them.
    /// </summary>
    EvaluationProgress,

    /// <summary>The weights were evaluated; <see cref="TrainingProgress.Evaluation"/> has the result.</summary>
    EvaluationCompleted,

    /// <summary>An evaluation was canceled. The weights are saved, and resuming the run repeats the evaluation.</summary>
    EvaluationCanceled,

    /// <summary>The run stops before its last epoch because the AP no longer improves.</summary>
    StoppedEarly,

    /// <summary>Settings are about to be measured on held-out training images.</summary>
    TuningStarted,

    /// <summary>Steps of a short training were taken; <see cref="TrainingProgress.Done"/> and <see cref="TrainingProgress.Total"/> count them.</summary>
    TuningProgress,

    /// <summary>A setting was measured.</summary>
    TuningMeasured,

    /// <summary>The settings were chosen; the message is a summary.</summary>
    TuningCompleted,

    /// <summary>Training continues with another number of threads, because other processes use the processor.</summary>
    ThreadsChanged,
}
