using FocalSharp.Training.Trainers;
using FocalSharp.Training.Trainers.Stages;

namespace FocalSharp.Training.Runs;

/// <summary>Where a run's records stand: best so far, and how long its files were.</summary>
internal sealed record RecordState
{
    /// <summary>The best AP so far; −1 before the first judgement.</summary>
    public double Best { get; init; } = -1;

    /// <summary>AP of the weights that the run began with, before any training; null where they were not judged.</summary>
    public double? Untrained { get; init; }

    /// <summary>Judgements since then.</summary>
    public int JudgementsSinceBest { get; init; }

    /// <summary>Images trained on.</summary>
    public long Images { get; init; }

    /// <summary>Seconds of the steps.</summary>
    public double StepSeconds { get; init; }

    /// <summary>Seconds of the run, judgements included.</summary>
    public double Elapsed { get; init; }

    /// <summary>Seconds that the latest judgement took; 0 before the first.</summary>
    public double JudgeSeconds { get; init; }

    /// <summary>The run's time by stage.</summary>
    public StageTimes Stages { get; init; } = new();

    /// <summary>Faulty steps so far.</summary>
    public int Faults { get; init; }

    /// <summary>Bytes of metrics.csv.</summary>
    public long MetricsLength { get; init; }

    /// <summary>Bytes of each TensorBoard file.</summary>
    public IReadOnlyDictionary<string, long> Boards { get; init; } = new Dictionary<string, long>();

    /// <summary>The running epoch's steps.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];
}
