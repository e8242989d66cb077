using System.Text.Json.Serialization;

namespace FocalSharp.Reporting;

/// <summary>Seconds of a training by stage.</summary>
public sealed record PhaseTimings
{
    /// <summary>All stages, in the order in which a step passes through them.</summary>
    public static IReadOnlyList<StepPhase> Phases { get; } = Enum.GetValues<StepPhase>();

    /// <summary>Seconds of each stage, by its number.</summary>
    public IReadOnlyList<double> Seconds { get; init; } = new double[Phases.Count];

    /// <summary>Steps taken.</summary>
    public int Steps { get; init; }

    /// <summary>Images trained on.</summary>
    public long Images { get; init; }

    /// <summary>Bytes that the process allocated in managed memory over these steps, all threads and all stages together.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Seconds of one stage.</summary>
    public double this[StepPhase stage] => (int)stage < Seconds.Count ? Seconds[(int)stage] : 0;

    /// <summary>Seconds of all stages.</summary>
    [JsonIgnore]
    public double TotalSeconds => Seconds.Sum();

    /// <summary>Seconds of the steps: all but judgements and files.</summary>
    [JsonIgnore]
    public double StepSeconds => TotalSeconds - Phases.Where(IsOutsideStep).Sum(stage => this[stage]);

    /// <summary>Part of the steps' time spent waiting for the loader, 0 to 1.</summary>
    [JsonIgnore]
    public double LoaderFraction => GetStepFraction(this[StepPhase.LoaderWait]);

    /// <summary>Part of the steps' time spent in the network, forward and backward, 0 to 1.</summary>
    [JsonIgnore]
    public double NetworkFraction => GetStepFraction(NetworkSeconds);

    /// <summary>All that a step spends beside the network, as a part of the network's time: 0.15 is 15 % on top.</summary>
    [JsonIgnore]
    public double OverheadFraction => NetworkSeconds > 0 ? (StepSeconds - NetworkSeconds) / NetworkSeconds : 0;

    private double NetworkSeconds => this[StepPhase.Forward] + this[StepPhase.Backward];

    /// <summary>The sum of two measurements.</summary>
    public static PhaseTimings operator +(PhaseTimings left, PhaseTimings right) => new()
    {
        Seconds = [.. Phases.Select(stage => left[stage] + right[stage])],
        Steps = left.Steps + right.Steps,
        Images = left.Images + right.Images,
        AllocatedBytes = left.AllocatedBytes + right.AllocatedBytes,
    };

    /// <summary>Whether a stage stands beside the steps: judgements and files.</summary>
    public static bool IsOutsideStep(StepPhase stage) => stage is StepPhase.Evaluation or StepPhase.Checkpoints;

    /// <summary>A stage's name as files spell it: <c>loader_wait</c>.</summary>
    public static string GetName(StepPhase stage) =>
        string.Concat(stage.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{letter}")).ToLowerInvariant();

    private double GetStepFraction(double seconds) => StepSeconds > 0 ? seconds / StepSeconds : 0;
}
