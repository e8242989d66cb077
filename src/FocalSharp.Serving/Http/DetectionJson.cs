using FocalSharp.Detections;

namespace FocalSharp.Serving.Http;

/// <summary>Detections as they are answered, rounded as <c>focalsharp predict</c> rounds.</summary>
internal static class DetectionJson
{
    public static IReadOnlyList<DetectionAnswer> Of(IReadOnlyList<Detection> found, IReadOnlyList<string> classes) =>
        [.. found.Select(detection => Of(detection, classes))];

    private static DetectionAnswer Of(Detection detection, IReadOnlyList<string> classes) => new(
        detection.Label >= 0 && detection.Label < classes.Count ? classes[detection.Label] : $"{detection.Label}",
        detection.Label,
        Math.Round(detection.Score, 5),
        new BoxAnswer(Pixels(detection.Box.X1), Pixels(detection.Box.Y1), Pixels(detection.Box.X2), Pixels(detection.Box.Y2)),
        new SidesAnswer(
            Finite(detection.Deviation.Left), Finite(detection.Deviation.Top), Finite(detection.Deviation.Right), Finite(detection.Deviation.Bottom)));

    private static double Pixels(float value) => Math.Round(value, 2);

    private static double? Finite(float value) => float.IsFinite(value) ? Pixels(value) : null;
}
