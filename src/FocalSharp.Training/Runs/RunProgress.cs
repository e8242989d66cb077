using FocalSharp.Reporting;
using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Runs;

/// <summary>Where a run's records stand: best so far, and how long its files were.</summary>
internal sealed record RunProgress
{
    /// <summary>The best AP so far; −1 before the first judgement.</summary>
    public double BestAP { get; init; } = -1;

    /// <summary>AP of the weights that the run began with, before any training; null where they were not judged.</summary>
    public double? PretrainedAP { get; init; }

    /// <summary>Judgements since then.</summary>
    public int EvaluationsSinceBest { get; init; }

    /// <summary>Images trained on.</summary>
    public long Images { get; init; }

    /// <summary>Seconds of the steps.</summary>
    public double StepSeconds { get; init; }

    /// <summary>Seconds of the run, judgements included.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>Seconds that the latest judgement took; 0 before the first.</summary>
    public double EvaluationSeconds { get; init; }

    /// <summary>The run's time by stage.</summary>
    public PhaseTimings Phases { get; init; } = new();

    /// <summary>Faulty steps so far.</summary>
    public int BadSteps { get; init; }

    /// <summary>Bytes of metrics.csv.</summary>
    public long MetricsLength { get; init; }

    /// <summary>Bytes of each TensorBoard file.</summary>
    public IReadOnlyDictionary<string, long> TensorBoardLengths { get; init; } = new Dictionary<string, long>();

    /// <summary>The running epoch's steps.</summary>
    public IReadOnlyList<StepMetrics> Steps { get; init; } = [];
}
