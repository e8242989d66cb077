namespace FocalSharp.Detections.Calibration;

/// <summary>What a model learned from labeled images that it was not trained on: its score map, edge intervals and score thresholds.</summary>
internal sealed record DetectionCalibration
{
    /// <summary>The key of the calibration in the metadata of weights and ONNX files.</summary>
    public const string MetadataKey = "focalsharp.calibration";

    /// <summary>The level of the intervals in JSON and on pages; every calibration has it.</summary>
    public const double ReportedLevel = 0.9;

    /// <summary>The levels of the intervals.</summary>
    public static IReadOnlyList<double> DefaultLevels { get; } = [0.8, ReportedLevel, 0.95];

    /// <summary>Gets the map of the scores; null to leave them unchanged.</summary>
    public ScoreMap? Scores { get; init; }

    /// <summary>Gets what calibrated scores estimate: <c>iou</c> (the paper's definition) or <c>precision</c>.</summary>
    public string ScoreTarget { get; init; } = "iou";

    /// <summary>Gets the calibration of the edges; null for none.</summary>
    public EdgeIntervalModel? Edges { get; init; }

    /// <summary>Gets the score thresholds of the classes; null for none.</summary>
    public ScoreThresholds? Thresholds { get; init; }

    /// <summary>Gets what <see cref="Scores"/> and <see cref="Edges"/> were learned from; null if there are neither.</summary>
    public CalibrationSource? Source { get; init; }

    /// <summary>Gets whether there is nothing to apply.</summary>
    public bool IsEmpty => Scores is null && Edges is null && Thresholds is null;

    /// <summary>Returns the calibrated score of a model's score.</summary>
    public double MapScore(double score) => Scores?.Map(score) ?? score;

    /// <summary>Returns the model's score of a calibrated score.</summary>
    public double InvertScore(double score) => Scores?.Invert(score) ?? score;

    /// <summary>Returns a calibrated detection.</summary>
    public Detection Apply(in Detection detection)
    {
        Detection result = Edges?.Apply(detection) ?? detection;
        return Scores is null ? result : result with { Score = (float)Scores.Map(detection.Score) };
    }
}
