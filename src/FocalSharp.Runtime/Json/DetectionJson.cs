using System.Globalization;
using System.Text.Json.Serialization;
using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Runtime.Json;

/// <summary>
/// The one JSON form of a detection: class, label, score, box corners and the standard deviation of each side in pixels; optionally the
/// expected coordinate and the quantiles of each edge, and the 90 % interval of a calibrated model. Scores have five decimals and pixels two; a value that is not finite is null.
/// </summary>
internal static class DetectionJson
{
    /// <summary>Converts a detection without its edges.</summary>
    /// <param name="detection">The detection.</param>
    /// <param name="classes">Class names in label order; a label beyond them is written as a number.</param>
    public static DetectionData ToData(Detection detection, IReadOnlyList<string> classes) => new(
        GetClassName(detection, classes), detection.Label, Math.Round(detection.Score, 5), GetBox(detection), GetDeviations(detection), GetInterval(detection), GetDisagreement(detection));

    /// <summary>Converts detections without their edges.</summary>
    public static IReadOnlyList<DetectionData> ToData(IEnumerable<Detection> detections, IReadOnlyList<string> classes) =>
        [.. detections.Select(detection => ToData(detection, classes))];

    /// <summary>Converts a detection.</summary>
    /// <param name="detection">The detection.</param>
    /// <param name="classes">Class names in label order; a label beyond them is written as a number.</param>
    /// <param name="includeEdges">Whether to write the expected coordinate and the quantiles of each edge.</param>
    public static DetectionEdgesData ToEdgesData(Detection detection, IReadOnlyList<string> classes, bool includeEdges = true) => new(
        GetClassName(detection, classes),
        detection.Label,
        Math.Round(detection.Score, 5),
        GetBox(detection),
        GetDeviations(detection),
        GetInterval(detection),
        GetDisagreement(detection),
        includeEdges ? new EdgesData(GetEdge(detection, 0), GetEdge(detection, 1), GetEdge(detection, 2), GetEdge(detection, 3)) : null);

    /// <summary>Converts back, without the edges.</summary>
    public static Detection FromData(DetectionData data) => new(
        new Box((float)data.Box.X1, (float)data.Box.Y1, (float)data.Box.X2, (float)data.Box.Y2),
        data.Label,
        (float)data.Score,
        new SideValues(
            (float)(data.DeviationPx.Left ?? double.NaN),
            (float)(data.DeviationPx.Top ?? double.NaN),
            (float)(data.DeviationPx.Right ?? double.NaN),
            (float)(data.DeviationPx.Bottom ?? double.NaN)));

    private static string GetClassName(Detection detection, IReadOnlyList<string> classes) =>
        detection.Label >= 0 && detection.Label < classes.Count ? classes[detection.Label] : detection.Label.ToString(CultureInfo.InvariantCulture);

    private static BoxData GetBox(Detection detection) => GetBox(detection.Box);

    private static BoxData GetBox(Box box) => new(RoundPixels(box.X1), RoundPixels(box.Y1), RoundPixels(box.X2), RoundPixels(box.Y2));

    private static IntervalData? GetInterval(Detection detection)
    {
        if (detection.Intervals is null || detection.GetInterval(IntervalData.Level) is not { } interval)
        {
            return null;
        }

        return new IntervalData(
            GetBounds(interval, 0),
            GetBounds(interval, 1),
            GetBounds(interval, 2),
            GetBounds(interval, 3),
            interval.Inner is { } inner ? GetBox(inner) : null,
            interval.Outer is { } outer ? GetBox(outer) : null);
    }

    private static double?[] GetBounds(BoxInterval interval, int side) => [RoundFinite(interval.Lower[side]), RoundFinite(interval.Upper[side])];

    private static SidesData GetDeviations(Detection detection) => GetSides(detection.Deviation);

    private static SidesData? GetDisagreement(Detection detection) => detection.Disagreement is { } disagreement ? GetSides(disagreement) : null;

    private static SidesData GetSides(SideValues values) => new(RoundFinite(values.Left), RoundFinite(values.Top), RoundFinite(values.Right), RoundFinite(values.Bottom));

    private static Dictionary<string, double?> GetEdge(Detection detection, int side)
    {
        Dictionary<string, double?> edge = new(StringComparer.Ordinal)
        {
            ["mean"] = RoundFinite(detection.Mean[side]),
            ["deviation"] = RoundFinite(detection.Deviation[side]),
        };
        foreach (EdgeQuantile quantile in detection.Quantiles)
        {
            edge[GetQuantileName(quantile.Probability)] = RoundFinite(quantile.Position[side]);
        }

        return edge;
    }

    // q05, q50, q95; q2.5 where a probability is not a whole percent.
    private static string GetQuantileName(double probability) => string.Create(CultureInfo.InvariantCulture, $"q{100 * probability:00.###}");

    private static double RoundPixels(float value) => Math.Round(value, 2);

    private static double? RoundFinite(float value) => float.IsFinite(value) ? RoundPixels(value) : null;
}

/// <summary>The corners of a box in pixels.</summary>
internal sealed record BoxData(double X1, double Y1, double X2, double Y2);

/// <summary>A value in pixels for each side of a box; null if it is not finite.</summary>
internal sealed record SidesData(double? Left = null, double? Top = null, double? Right = null, double? Bottom = null);

/// <summary>Expected coordinate, deviation and quantiles of each edge, by name.</summary>
internal sealed record EdgesData(
    Dictionary<string, double?> Left, Dictionary<string, double?> Top, Dictionary<string, double?> Right, Dictionary<string, double?> Bottom);

/// <summary>
/// Where the true edges lie with a probability of 90 %, in pixels: the lower and upper bound of each edge by itself, and for all four at once the box that
/// the true box contains and the box that contains it.
/// </summary>
internal sealed record IntervalData(double?[] Left, double?[] Top, double?[] Right, double?[] Bottom, BoxData? Inner = null, BoxData? Outer = null)
{
    /// <summary>The probability.</summary>
    public const double Level = DetectionCalibration.ReportedLevel;
}

/// <summary>A detection as JSON.</summary>
internal record DetectionData(string Class, int Label, double Score, BoxData Box, SidesData DeviationPx, IntervalData? Interval90 = null, SidesData? DisagreementPx = null);

/// <summary>A detection as JSON, with its edges if they are known.</summary>
internal sealed record DetectionEdgesData(
    string Class,
    int Label,
    double Score,
    BoxData Box,
    SidesData DeviationPx,
    IntervalData? Interval90 = null,
    SidesData? DisagreementPx = null,
    [property: JsonPropertyOrder(1)] EdgesData? Edges = null)
    : DetectionData(Class, Label, Score, Box, DeviationPx, Interval90, DisagreementPx);

/// <summary>The detections of one image as JSON.</summary>
internal sealed record DetectionsData(int Width, int Height, IReadOnlyList<DetectionEdgesData> Detections);

/// <summary>Writes and reads the JSON form of detections without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DetectionsData))]
[JsonSerializable(typeof(DetectionEdgesData))]
internal sealed partial class DetectionJsonContext : JsonSerializerContext;
