using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime.Models;

/// <summary>What an exported file says of itself.</summary>
public sealed record ModelInfo
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>What its graph ends with.</summary>
    public required ModelVariant Variant { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Pixels between locations, per level, finest first.</summary>
    public required IReadOnlyList<int> Strides { get; init; }

    /// <summary>Highest bin n of the sides' distributions.</summary>
    public required int RegMax { get; init; }

    /// <summary>Place of a location's centre in its cell, in strides (official: 0).</summary>
    public double CenterOffset { get; init; }

    /// <summary>How an image becomes the network's input: the rule that it was trained with.</summary>
    public required ResizeRule Resize { get; init; }

    /// <summary>Mean of each channel, RGB, 0–255; the graph subtracts it.</summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>Standard deviation of each channel, RGB, 0–255; the graph divides by it.</summary>
    public required IReadOnlyList<float> Std { get; init; }

    /// <summary>The thresholds and limits that it was exported with.</summary>
    public required PostprocessOptions Postprocess { get; init; }

    /// <summary>Licence of the weights; empty where none is stated.</summary>
    public required string License { get; init; }

    /// <summary>The training run it came from; empty where none is stated.</summary>
    public required string Run { get; init; }
}
