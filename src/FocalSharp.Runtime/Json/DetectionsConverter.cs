using System.Text.Json;
using System.Text.Json.Serialization;

namespace FocalSharp.Runtime.Json;

/// <summary>
/// Writes <see cref="Detections"/> as <c>{"width": …, "height": …, "detections": […]}</c> and reads them back. When reading, classes that no
/// detection has get empty names, and the edges are not read.
/// </summary>
public sealed class DetectionsConverter : JsonConverter<Detections>
{
    private const int MaxLabel = 1_000_000;

    /// <inheritdoc/>
    public override Detections Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        DetectionsData data = JsonSerializer.Deserialize(ref reader, DetectionJsonContext.Default.DetectionsData)
            ?? throw new JsonException("Detections are a JSON object with width, height and detections.");
        string[] classes = new string[data.Detections.Count == 0 ? 0 : data.Detections.Max(detection => detection.Label) + 1L is var count and <= MaxLabel ? count : 0];
        Array.Fill(classes, "");
        foreach (DetectionData detection in data.Detections)
        {
            if (detection.Label < 0 || detection.Label >= classes.Length)
            {
                throw new JsonException($"Label {detection.Label} is not between 0 and {MaxLabel - 1}.");
            }

            classes[detection.Label] = detection.Class;
        }

        return new Detections([.. data.Detections.Select(DetectionJson.FromData)], classes, data.Width, data.Height);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Detections value, JsonSerializerOptions options) => JsonSerializer.Serialize(
        writer,
        new DetectionsData(
            value.Width,
            value.Height,
            [.. value.Select(detection => DetectionJson.ToEdgesData(detection, value.Classes, includeEdges: detection.Quantiles.Count > 0))]),
        DetectionJsonContext.Default.DetectionsData);
}
