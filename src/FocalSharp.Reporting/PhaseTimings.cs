using System.Text.Json.Serialization;

namespace FocalSharp.Reporting;

/// <summary>The time of a training by phase.</summary>
internal sealed record PhaseTimings
{
    /// <summary>Gets the phases, in their order within a step.</summary>
    public static IReadOnlyList<StepPhase> Phases { get; } = Enum.GetValues<StepPhase>();

    /// <summary>Gets the seconds of each phase, in the order of <see cref="Phases"/>.</summary>
    public IReadOnlyList<double> Seconds { get; init; } = new double[Phases.Count];

    /// <summary>Gets the number of steps.</summary>
    public int Steps { get; init; }

    /// <summary>Gets the number of training images.</summary>
    public long Images { get; init; }

    /// <summary>Gets the bytes allocated in managed memory during these steps, by all threads.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Gets the seconds of a phase.</summary>
    public double this[StepPhase phase] => (int)phase < Seconds.Count ? Seconds[(int)phase] : 0;

    /// <summary>Gets the seconds of all phases.</summary>
    [JsonIgnore]
    public double TotalSeconds => Seconds.Sum();

    /// <summary>Gets the seconds of the steps: all phases except evaluation and checkpoints.</summary>
    [JsonIgnore]
    public double StepSeconds => TotalSeconds - Phases.Where(IsOutsideStep).Sum(phase => this[phase]);

    /// <summary>Gets the fraction of the steps' time spent waiting for the data loader, 0 to 1.</summary>
    [JsonIgnore]
    public double LoaderFraction => GetStepFraction(this[StepPhase.LoaderWait]);

    /// <summary>Gets the fraction of the steps' time spent in the network, forward and backward, 0 to 1.</summary>
    [JsonIgnore]
    public double NetworkFraction => GetStepFraction(NetworkSeconds);

    /// <summary>Gets the time of a step outside the network, relative to the time in the network: 0.15 is 15 % overhead.</summary>
    [JsonIgnore]
    public double OverheadFraction => NetworkSeconds > 0 ? (StepSeconds - NetworkSeconds) / NetworkSeconds : 0;

    private double NetworkSeconds => this[StepPhase.Forward] + this[StepPhase.Backward];

    /// <summary>Adds two measurements.</summary>
    public static PhaseTimings operator +(PhaseTimings left, PhaseTimings right) => new()
    {
        Seconds = [.. Phases.Select(phase => left[phase] + right[phase])],
        Steps = left.Steps + right.Steps,
        Images = left.Images + right.Images,
        AllocatedBytes = left.AllocatedBytes + right.AllocatedBytes,
    };

    /// <summary>Returns whether a phase is not part of a step: evaluation and checkpoints.</summary>
    public static bool IsOutsideStep(StepPhase phase) => phase is StepPhase.Evaluation or StepPhase.Checkpoints;

    /// <summary>Returns the name of a phase in files, for example <c>loader_wait</c>.</summary>
    public static string GetName(StepPhase phase) =>
        string.Concat(phase.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{letter}")).ToLowerInvariant();

    private double GetStepFraction(double seconds) => StepSeconds > 0 ? seconds / StepSeconds : 0;
}
