using System.Text.Json.Serialization;

namespace FocalSharp.Detections;

/// <summary>Options for converting logits to detections.</summary>
public sealed record PostprocessOptions
{
    /// <summary>Gets the score threshold: lower or equal scores are dropped (official: 0.05, strict).</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>Gets the maximum number of (location, class) pairs per level before NMS (official: 1000).</summary>
    public int MaxPerLevel { get; init; } = 1000;

    /// <summary>Gets the IoU above which class-wise NMS suppresses a box (official: 0.6, strict).</summary>
    public double NmsThreshold { get; init; } = 0.6;

    /// <summary>Gets the maximum number of detections per image (COCO: 100).</summary>
    public int MaxDetections { get; init; } = 100;

    /// <summary>
    /// Gets how overlapping candidates become detections (default: <see cref="NmsMethod.Official"/>). Graphs that contain NMS do not support other methods. A
    /// property of the request: not stored in checkpoints.
    /// </summary>
    [JsonIgnore]
    public NmsMethod NmsMethod { get; init; }

    /// <summary>
    /// Gets whether scores are multiplied by the IoU that is expected from the deviations (default false). Not stored in checkpoints.
    /// </summary>
    [JsonIgnore]
    public bool RescoreByDeviation { get; init; }

    /// <summary>
    /// Gets whether the mirrored image is detected too, and both results are fused (default false). Not stored in checkpoints.
    /// </summary>
    [JsonIgnore]
    public bool FlipTest { get; init; }

    /// <summary>
    /// Gets the sizes of further inputs, relative to the model's, whose results are fused with those of the image itself; empty (default) for none. Not
    /// stored in checkpoints.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<double> ScaleTest { get; init; } = [];

    /// <summary>
    /// Gets the probabilities of the quantiles that each detection provides for its edges; empty (default) for none. A property of the request,
    /// not of the model: not stored in checkpoints.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<double> Quantiles { get; init; } = DefaultQuantiles;

    /// <summary>Gets whether each detection provides its four distributions (default false). Not stored in checkpoints.</summary>
    [JsonIgnore]
    public bool IncludeDistributions { get; init; }

    /// <summary>The median and the bounds of the central 90 %.</summary>
    public static IReadOnlyList<double> DefaultQuantiles { get; } = [0.05, 0.5, 0.95];
}
