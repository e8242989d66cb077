using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;

namespace FocalSharp.Runtime;

/// <summary>What a call of <see cref="Detector"/> asks for; null means the model's own value.</summary>
public sealed record DetectOptions
{
    /// <summary>Most detections that one image may be asked for.</summary>
    public const int MaxDetectionsLimit = 10_000;

    /// <summary>Scores at or below this are dropped, 0 to 1.</summary>
    public double? ScoreThreshold { get; init; }

    /// <summary>Overlap above which the weaker of two boxes of one class is dropped, 0 to 1.</summary>
    public double? IouThreshold { get; init; }

    /// <summary>Most detections of an image, 1 to <see cref="MaxDetectionsLimit"/>; of a tile too, where there are tiles.</summary>
    public int? MaxDetections { get; init; }

    /// <summary>Probabilities of the quantiles that each detection tells of its edges; only files with raw outputs (<c>--raw</c>) know them.</summary>
    public IReadOnlyList<double>? Quantiles { get; init; }

    /// <summary>Whether each detection brings its four whole distributions; only files with raw outputs (<c>--raw</c>) have them.</summary>
    public bool IncludeDistributions { get; init; }

    /// <summary>
    /// Cuts images larger than a tile into overlapping tiles, so that small objects are seen at their full resolution; null (default) shrinks every
    /// image to the network's input. It does not apply to prepared images, which have been shrunk already.
    /// </summary>
    public TileOptions? Tiles { get; init; }

    /// <summary>These options with the gaps filled from others.</summary>
    internal DetectOptions WithDefaults(DetectOptions others) => new()
    {
        ScoreThreshold = ScoreThreshold ?? others.ScoreThreshold,
        IouThreshold = IouThreshold ?? others.IouThreshold,
        MaxDetections = MaxDetections ?? others.MaxDetections,
        Quantiles = Quantiles ?? others.Quantiles,
        IncludeDistributions = IncludeDistributions || others.IncludeDistributions,
        Tiles = Tiles ?? others.Tiles,
    };

    /// <summary>The values that count, the model's own where none was asked for.</summary>
    internal PostprocessOptions ApplyTo(PostprocessOptions model) => model with
    {
        ScoreThreshold = ScoreThreshold ?? model.ScoreThreshold,
        NmsThreshold = IouThreshold ?? model.NmsThreshold,
        MaxDetections = MaxDetections ?? model.MaxDetections,
        Quantiles = Quantiles ?? model.Quantiles,
        IncludeDistributions = IncludeDistributions || model.IncludeDistributions,
    };

    /// <summary>Says which option is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate()
    {
        if (ScoreThreshold is { } score && score is not (>= 0 and <= 1))
        {
            throw new FocalSharpException($"score threshold {score}: a score lies between 0 and 1.");
        }

        if (IouThreshold is { } iou && iou is not (>= 0 and <= 1))
        {
            throw new FocalSharpException($"IoU threshold {iou}: an overlap lies between 0 and 1.");
        }

        foreach (double probability in Quantiles ?? [])
        {
            if (probability is not (>= 0 and <= 1))
            {
                throw new FocalSharpException($"quantile {probability}: a probability lies between 0 and 1.");
            }
        }

        Tiles?.Validate();
        if (MaxDetections is < 1 or > MaxDetectionsLimit)
        {
            throw new FocalSharpException($"max detections {MaxDetections}: ask for 1 to {MaxDetectionsLimit} an image.");
        }
    }
}
