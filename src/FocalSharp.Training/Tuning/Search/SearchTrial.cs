using System.Text.Json.Serialization;
using FocalSharp.Detections;

namespace FocalSharp.Training.Tuning.Search;

/// <summary>A set of values and what it reached on the held-out images.</summary>
internal sealed record SearchTrial
{
    /// <summary>Gets the number of the set of values; 0 is the recipe itself.</summary>
    public required int Number { get; init; }

    /// <summary>Gets the rung of successive halving, from 0 (shortest).</summary>
    public required int Rung { get; init; }

    /// <summary>Gets the steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Gets the values, in the order of the parameters.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Gets the AP; −1 if the trial failed.</summary>
    [JsonPropertyName("AP")]
    public required double AP { get; init; }

    /// <summary>Gets the seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets why the trial failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Gets the detections of each held-out image.</summary>
    [JsonIgnore]
    public IReadOnlyList<IReadOnlyList<Detection>> Detections { get; init; } = [];
}
