using System.Text.Json.Serialization;

namespace FocalSharp.Detections;

/// <summary>Settings of the way from logits to detections.</summary>
public sealed record PostprocessOptions
{
    /// <summary>Scores at or below this are dropped (official: 0.05, strict).</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>(location, class) pairs kept per level before NMS (official: 1000).</summary>
    public int MaxPerLevel { get; init; } = 1000;

    /// <summary>IoU above which class-wise NMS suppresses (official: 0.6, strict).</summary>
    public double NmsThreshold { get; init; } = 0.6;

    /// <summary>Detections kept per image (COCO: 100).</summary>
    public int MaxDetections { get; init; } = 100;

    /// <summary>
    /// Probabilities of the quantiles that each detection tells of its edges; empty for none. A wish of who asks, not a property of
    /// the model: kept in no file of weights.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<double> Quantiles { get; init; } = DefaultQuantiles;

    /// <summary>Whether each detection brings its four whole distributions. Likewise kept in no file of weights.</summary>
    [JsonIgnore]
    public bool IncludeDistributions { get; init; }

    /// <summary>The median and the ends of the central 90 %.</summary>
    public static IReadOnlyList<double> DefaultQuantiles { get; } = [0.05, 0.5, 0.95];
}
