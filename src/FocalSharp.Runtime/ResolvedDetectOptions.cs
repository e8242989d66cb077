using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime;

/// <summary>The options of a call with all values known.</summary>
internal sealed class ResolvedDetectOptions
{
    private static readonly Tile[] NoTiles = [];

    // Below the rounding of a score that is mapped back and forth; the exact threshold is applied at the end.
    private const double ThresholdMargin = 1e-6;

    private readonly DetectionCalibration? _calibration;
    private readonly double[]? _classThresholds;
    private readonly float _threshold;

    /// <summary>Resolves options.</summary>
    /// <param name="options">The options of the call or the detector.</param>
    /// <param name="model">The model.</param>
    public ResolvedDetectOptions(DetectOptions options, ModelInfo model)
    {
        _calibration = options.UseCalibration == false ? null : model.Calibration;
        _classThresholds = options.ScoreThreshold is null && _calibration is not null ? model.GetClassThresholds() : null;
        double threshold = _classThresholds?.Min() ?? options.ScoreThreshold ?? DetectOptions.DefaultScoreThreshold;
        _threshold = (float)threshold;
        Postprocess = options.ApplyTo(
            model.Postprocess, _calibration?.Scores is { } map ? Math.Max(map.Invert(threshold) - ThresholdMargin, 0) : threshold);
        if (model.Variant == ModelVariant.Detections && (Postprocess.NmsMethod != NmsMethod.Official || Postprocess.RescoreByDeviation))
        {
            throw new OptionException($"{model.Name}: its graph contains official NMS, so that neither another method nor rescoring is possible. Export the model with raw outputs, or use its weights.")
            {
                OptionName = nameof(DetectOptions.NmsMethod),
            };
        }

        Views = Postprocess.FlipTest || Postprocess.ScaleTest.Count > 0 ? options with { FlipTest = Postprocess.FlipTest, ScaleTest = Postprocess.ScaleTest } : null;
        Tiles = options.Tiles;
        MaxTiledDetections = options.Tiles is { MaxDetections: > 0 } tiles ? tiles.MaxDetections : options.MaxDetections ?? 0;
    }

    /// <summary>Thresholds and limits of one inference, before calibration.</summary>
    public PostprocessOptions Postprocess { get; }

    /// <summary>The options of calls that detect several views of each image; null if only the image itself is detected.</summary>
    public DetectOptions? Views { get; }

    /// <summary>How images are cut into tiles; null if they are not.</summary>
    public TileOptions? Tiles { get; }

    /// <summary>Maximum detections of a tiled image; 0 for no limit.</summary>
    public int MaxTiledDetections { get; }

    /// <summary>Returns the tiles of an image; at most one if it is not cut.</summary>
    public IReadOnlyList<Tile> GetTiles(int width, int height, ResizeRule rule) =>
        Tiles is null ? NoTiles : TileGrid.Create(width, height, Tiles, rule.NativeSide);

    /// <summary>Calibrates the detections of a whole image and applies the thresholds of their classes.</summary>
    /// <param name="detections">The detections, highest score first; changed in place. A score map increases, so that they stay in order.</param>
    public Detection[] Finish(Detection[] detections)
    {
        if (_calibration is null)
        {
            return detections;
        }

        int count = 0;
        foreach (Detection detection in detections)
        {
            Detection calibrated = _calibration.Apply(detection);
            float threshold = _classThresholds is null ? _threshold : (float)_classThresholds[detection.Label];
            if (calibrated.Score > threshold)
            {
                detections[count++] = calibrated;
            }
        }

        return count == detections.Length ? detections : detections[..count];
    }
}
