using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime;

/// <summary>Describes a model: its classes, preprocessing, thresholds and origin.</summary>
public sealed record ModelInfo
{
    /// <summary>Gets the model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Gets the outputs of the graph. Weights count as <see cref="ModelVariant.Raw"/>. Default: <see cref="ModelVariant.Detections"/>.</summary>
    public ModelVariant Variant { get; init; }

    /// <summary>
    /// Gets whether detections may carry quantiles (<see cref="DetectOptions.Quantiles"/>) and distributions
    /// (<see cref="DetectOptions.IncludeDistributions"/>): only graphs with raw outputs, and weights, keep them.
    /// </summary>
    public bool HasDistributions => Variant == ModelVariant.Raw;

    /// <summary>Gets the pixels between locations of each level, finest first. Default: 8 to 128, as in the paper.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64, 128];

    /// <summary>Gets the highest bin n of the side distributions. Default 16, as in the paper.</summary>
    public int RegMax { get; init; } = 16;

    /// <summary>Gets the position of a location's center in its cell, in strides. Default 0, as in the official code.</summary>
    public double CenterOffset { get; init; }

    /// <summary>Gets the rule by which an image becomes the network's input: the one used in training.</summary>
    public ResizeRule Resize { get; init; } = new();

    /// <summary>Gets the mean of each channel, RGB, 0–255; the model subtracts it. Default: ImageNet's.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [123.675f, 116.28f, 103.53f];

    /// <summary>Gets the standard deviation of each channel, RGB, 0–255; the model divides by it. Default: ImageNet's.</summary>
    public IReadOnlyList<float> Std { get; init; } = [58.395f, 57.12f, 57.375f];

    /// <summary>Gets the model's own thresholds and limits. The score threshold is that of calibrated scores, if the model is calibrated.</summary>
    public PostprocessOptions Postprocess { get; init; } = new();

    /// <summary>
    /// Gets whether the model was calibrated on labeled images: detections then have calibrated scores and deviations, and intervals
    /// (<see cref="Detection.GetInterval"/>).
    /// </summary>
    public bool IsCalibrated => Calibration is { Edges: not null } or { Scores: not null };

    /// <summary>Gets the calibration; null for none.</summary>
    internal DetectionCalibration? Calibration { get; init; }

    /// <summary>Gets the license of the weights; empty if not stated.</summary>
    public string License { get; init; } = "";

    /// <summary>Gets the training run that made the weights, as JSON; empty if not stated.</summary>
    public string Run { get; init; } = "";

    /// <summary>Returns the model with a calibration, which also applies to <see cref="Postprocess"/>.</summary>
    internal ModelInfo WithCalibration(DetectionCalibration? calibration) => calibration is null or { IsEmpty: true } ? this : this with
    {
        Calibration = calibration,
        Postprocess = Postprocess with { ScoreThreshold = calibration.MapScore(Postprocess.ScoreThreshold) },
    };

    /// <summary>Returns the default score thresholds of the classes, in terms of calibrated scores; null if all have <see cref="DetectOptions.DefaultScoreThreshold"/>.</summary>
    internal double[]? GetClassThresholds() => Calibration is { Thresholds: { } thresholds } calibration
        ? [.. thresholds.ByClass.Select(value => value is { } own ? calibration.MapScore(own) : DetectOptions.DefaultScoreThreshold)]
        : null;

    /// <summary>Returns a line such as <c>gfl-lite: 80 classes, keep ratio 320x320, score &gt; 0.05, NMS IoU 0.6</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Name}: {Quantity.Format(Classes.Count, "class")}, {(Resize.IsStretched ? "stretched to" : "at most")} "
        + $"{Resize.LongSide}x{Resize.ShortSide} px, score > {Postprocess.ScoreThreshold}, NMS IoU {Postprocess.NmsThreshold}");
}
