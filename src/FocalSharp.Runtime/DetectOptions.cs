using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;

namespace FocalSharp.Runtime;

/// <summary>
/// Specifies thresholds, limits and tiles of a call of <see cref="IDetector"/>. Null means the model's own value, except for the score threshold.
/// </summary>
public sealed record DetectOptions
{
    /// <summary>The largest value of <see cref="MaxDetections"/>.</summary>
    public const int MaxDetectionsLimit = 10_000;

    private const int MaxScales = 8;

    /// <summary>
    /// The default of <see cref="ScoreThreshold"/> wherever detections are shown or served: a model's own threshold, usually 0.05, is for computing
    /// average precision, which needs low scores too, and gives many boxes that are wrong.
    /// </summary>
    public const double DefaultScoreThreshold = 0.3;

    /// <summary>
    /// Gets the score, 0 to 1, at or below which detections are dropped; null (default) for the thresholds that were stored in the model for each of its
    /// classes, and <see cref="DefaultScoreThreshold"/> for other classes and models. To compute average precision, pass
    /// <c>Model.Postprocess.ScoreThreshold</c>.
    /// </summary>
    public double? ScoreThreshold { get; init; }

    /// <summary>Gets the IoU, 0 to 1, above which NMS drops the lower-scoring of two boxes of one class. 1 keeps all boxes.</summary>
    public double? IouThreshold { get; init; }

    /// <summary>Gets the maximum number of detections per image, and per tile if there are tiles: 1 to <see cref="MaxDetectionsLimit"/>.</summary>
    public int? MaxDetections { get; init; }

    /// <summary>
    /// Gets the probabilities, 0 to 1, of the edge quantiles that each detection carries. They need a model with
    /// <see cref="ModelInfo.HasDistributions"/>; other models return none.
    /// </summary>
    public IReadOnlyList<double>? Quantiles { get; init; }

    /// <summary>
    /// Gets whether each detection carries its four side distributions. They need a model with <see cref="ModelInfo.HasDistributions"/>; other
    /// models return none. Default false.
    /// </summary>
    public bool IncludeDistributions { get; init; }

    /// <summary>
    /// Gets how overlapping candidates become detections; null (default) for the model's own, <see cref="FocalSharp.Detections.NmsMethod.Official"/>. Other methods need
    /// a model whose graph does not contain NMS (weights, or a graph with raw outputs or candidates).
    /// </summary>
    public NmsMethod? NmsMethod { get; init; }

    /// <summary>Gets whether scores are multiplied by the IoU that is expected from the deviations; null (default) means false. Needs the same models as <see cref="NmsMethod"/>.</summary>
    public bool? RescoreByDeviation { get; init; }

    /// <summary>Gets whether the mirrored image is detected too, and both results are fused; null (default) means false. Fused detections have no quantiles.</summary>
    public bool? FlipTest { get; init; }

    /// <summary>
    /// Gets the sizes of further inputs, relative to the model's, 0.25 to 4, whose results are fused with those of the image itself; null or empty (default)
    /// for none. Prepared images cannot be detected at other sizes.
    /// </summary>
    public IReadOnlyList<double>? ScaleTest { get; init; }

    /// <summary>
    /// Gets whether the calibration that is stored in the model is applied: calibrated scores and deviations, intervals (<see cref="Detection.GetInterval"/>)
    /// and score thresholds. Null (default) means true. Models without a calibration are not affected.
    /// </summary>
    public bool? UseCalibration { get; init; }

    /// <summary>
    /// Gets how images larger than a tile are cut into overlapping tiles, so that small objects are detected at full resolution. Null
    /// (default) shrinks each image to the network's input. Prepared images are not cut: they have been resized already.
    /// </summary>
    public TileOptions? Tiles { get; init; }

    /// <summary>Gets whether several views of each image are detected.</summary>
    internal bool HasViews => FlipTest == true || ScaleTest is { Count: > 0 };

    /// <summary>Returns these options with missing values taken from others.</summary>
    internal DetectOptions WithDefaults(DetectOptions others) => new()
    {
        ScoreThreshold = ScoreThreshold ?? others.ScoreThreshold,
        IouThreshold = IouThreshold ?? others.IouThreshold,
        MaxDetections = MaxDetections ?? others.MaxDetections,
        Quantiles = Quantiles ?? others.Quantiles,
        IncludeDistributions = IncludeDistributions || others.IncludeDistributions,
        UseCalibration = UseCalibration ?? others.UseCalibration,
        NmsMethod = NmsMethod ?? others.NmsMethod,
        RescoreByDeviation = RescoreByDeviation ?? others.RescoreByDeviation,
        FlipTest = FlipTest ?? others.FlipTest,
        ScaleTest = ScaleTest ?? others.ScaleTest,
        Tiles = Tiles ?? others.Tiles,
    };

    /// <summary>Returns the model's own settings with these values in place of them.</summary>
    /// <param name="model">The model's settings.</param>
    /// <param name="threshold">The score threshold in terms of the scores before calibration.</param>
    internal PostprocessOptions ApplyTo(PostprocessOptions model, double threshold) => model with
    {
        ScoreThreshold = threshold,
        NmsThreshold = IouThreshold ?? model.NmsThreshold,
        NmsMethod = NmsMethod ?? model.NmsMethod,
        RescoreByDeviation = RescoreByDeviation ?? model.RescoreByDeviation,
        FlipTest = FlipTest ?? model.FlipTest,
        ScaleTest = ScaleTest ?? model.ScaleTest,
        MaxDetections = MaxDetections ?? model.MaxDetections,
        Quantiles = Quantiles ?? model.Quantiles,
        IncludeDistributions = IncludeDistributions || model.IncludeDistributions,
    };

    /// <summary>Throws if a value is out of range.</summary>
    /// <exception cref="OptionException">A value is out of range.</exception>
    internal void Validate()
    {
        RequireFraction(nameof(ScoreThreshold), ScoreThreshold ?? 0);
        RequireFraction(nameof(IouThreshold), IouThreshold ?? 0);
        foreach (double probability in Quantiles ?? [])
        {
            RequireFraction(nameof(Quantiles), probability);
        }

        Tiles?.Validate();
        if (ScaleTest is { } scales && (scales.Count > MaxScales || scales.Any(scale => scale is not (>= 0.25 and <= 4))))
        {
            throw new OptionException($"ScaleTest {string.Join(", ", scales)}: must be at most {MaxScales} sizes from 0.25 to 4.") { OptionName = nameof(ScaleTest) };
        }

        if (Tiles is not null && HasViews)
        {
            throw new OptionException("Tiles are not combined with FlipTest or ScaleTest: a tile is detected once.") { OptionName = nameof(Tiles) };
        }

        if (MaxDetections is < 1 or > MaxDetectionsLimit)
        {
            throw new OptionException($"MaxDetections {MaxDetections}: must be 1 to {MaxDetectionsLimit} per image.") { OptionName = nameof(MaxDetections) };
        }
    }

    private static void RequireFraction(string name, double value)
    {
        if (value is not (>= 0 and <= 1))
        {
            throw new OptionException($"{name} {value}: must be between 0 and 1.") { OptionName = name };
        }
    }
}
