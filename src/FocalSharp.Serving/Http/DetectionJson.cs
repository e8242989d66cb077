using FocalSharp.Detections;

namespace FocalSharp.Serving.Http;

/// <summary>Converts detections to responses, rounded like the output of <c>focalsharp predict</c>.</summary>
internal static class DetectionJson
{
    public static IReadOnlyList<DetectionResponse> ToResponse(IReadOnlyList<Detection> found, IReadOnlyList<string> classes) =>
        [.. found.Select(detection => ToResponse(detection, classes))];

    private static DetectionResponse ToResponse(Detection detection, IReadOnlyList<string> classes) => new(
        detection.Label >= 0 && detection.Label < classes.Count ? classes[detection.Label] : $"{detection.Label}",
        detection.Label,
        Math.Round(detection.Score, 5),
        new BoxResponse(Pixels(detection.Box.X1), Pixels(detection.Box.Y1), Pixels(detection.Box.X2), Pixels(detection.Box.Y2)),
        new SidesResponse(
            Finite(detection.Deviation.Left), Finite(detection.Deviation.Top), Finite(detection.Deviation.Right), Finite(detection.Deviation.Bottom)));

    private static double Pixels(float value) => Math.Round(value, 2);

    private static double? Finite(float value) => float.IsFinite(value) ? Pixels(value) : null;
}
