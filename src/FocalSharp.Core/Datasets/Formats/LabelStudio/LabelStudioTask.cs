using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.LabelStudio;

/// <summary>Writes one task with a prediction, whose regions Label Studio shows as pre-annotations.</summary>
internal static class LabelStudioTask
{
    private const string ModelVersion = "focalsharp";

    /// <summary>Writes a task.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="path">The image's path, relative to the folder that Label Studio serves (LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT).</param>
    /// <param name="split">The split.</param>
    /// <param name="size">The size of the image.</param>
    /// <param name="regions">Class, box in pixels, and score or null.</param>
    public static void Write(
        Utf8JsonWriter json, string path, DatasetSplit split, ImageSize size, IReadOnlyList<(string ClassName, Box Box, double? Score)> regions)
    {
        json.WriteStartObject();
        json.WriteStartObject("data");
        json.WriteString("image", "/data/local-files/?d=" + Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal));
        if (split != DatasetSplit.Unassigned)
        {
            json.WriteString("split", SplitNames.GetName(split));
        }

        json.WriteEndObject();
        json.WriteStartArray("predictions");
        json.WriteStartObject();
        json.WriteString("model_version", ModelVersion);
        if (regions.Any(region => region.Score is not null))
        {
            json.WriteNumber("score", Math.Round(regions.Average(region => region.Score ?? 0), 6));
        }

        json.WriteStartArray("result");
        for (int i = 0; i < regions.Count; i++)
        {
            WriteRegion(json, $"r{i}", size, regions[i].ClassName, regions[i].Box, regions[i].Score);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRegion(Utf8JsonWriter json, string id, ImageSize size, string className, Box box, double? score)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("from_name", "label");
        json.WriteString("to_name", "image");
        json.WriteString("type", "rectanglelabels");
        json.WriteNumber("original_width", size.Width);
        json.WriteNumber("original_height", size.Height);
        json.WriteNumber("image_rotation", 0);
        if (score is { } known)
        {
            json.WriteNumber("score", Math.Round(known, 6));
        }

        json.WriteStartObject("value");
        WritePercent(json, "x", box.X1, size.Width);
        WritePercent(json, "y", box.Y1, size.Height);
        WritePercent(json, "width", (double)box.X2 - box.X1, size.Width);
        WritePercent(json, "height", (double)box.Y2 - box.Y1, size.Height);
        json.WriteNumber("rotation", 0);
        json.WriteStartArray("rectanglelabels");
        json.WriteStringValue(className);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Ten decimals of a percent are 1e-8 px in an image of 10,000.
    private static void WritePercent(Utf8JsonWriter json, string name, double value, int size) => json.WriteNumber(name, Math.Round(value * 100 / size, 10));
}
