using System.Text.Json;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.LabelStudio;

/// <summary>
/// Writes <c>tasks.json</c>, a task with one prediction per image, and <c>config.xml</c>, the labeling configuration of the project.
/// </summary>
internal static class LabelStudioWriter
{
    private const string ModelVersion = "focalsharp";

    public static string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        AtomicFile.WriteText(Path.Combine(folder, LabelStudioConfig.FileName), LabelStudioConfig.Create(dataset.Classes));
        string path = Path.Combine(folder, "tasks.json");
        AtomicFile.Write(path, stream => Write(dataset, images, stream));
        return path;
    }

    private static void Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, JsonOutput.Indented);
        json.WriteStartArray();
        foreach (OutputImage image in images)
        {
            json.WriteStartObject();
            json.WriteStartObject("data");

            // Below the folder that LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT names.
            json.WriteString("image", "/data/local-files/?d=" + Uri.EscapeDataString(image.RelativePath).Replace("%2F", "/", StringComparison.Ordinal));
            if (image.Source.Split != DatasetSplit.Unassigned)
            {
                json.WriteString("split", SplitNames.GetName(image.Source.Split));
            }

            json.WriteEndObject();
            json.WriteStartArray("predictions");
            json.WriteStartObject();
            json.WriteString("model_version", ModelVersion);
            json.WriteStartArray("result");
            for (int i = 0; i < image.Source.Objects.Count; i++)
            {
                WriteRegion(json, dataset, image.Source, i);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            if (json.BytesPending > 1 << 20)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteRegion(Utf8JsonWriter json, DetectionDataset dataset, DatasetImage image, int index)
    {
        ObjectAnnotation item = image.Objects[index];
        json.WriteStartObject();
        json.WriteString("id", $"r{index}");
        json.WriteString("from_name", "label");
        json.WriteString("to_name", "image");
        json.WriteString("type", "rectanglelabels");
        json.WriteNumber("original_width", image.Width);
        json.WriteNumber("original_height", image.Height);
        json.WriteNumber("image_rotation", 0);
        json.WriteStartObject("value");
        WritePercent(json, "x", item.Box.X1, image.Width);
        WritePercent(json, "y", item.Box.Y1, image.Height);
        WritePercent(json, "width", (double)item.Box.X2 - item.Box.X1, image.Width);
        WritePercent(json, "height", (double)item.Box.Y2 - item.Box.Y1, image.Height);
        json.WriteNumber("rotation", 0);
        json.WriteStartArray("rectanglelabels");
        json.WriteStringValue(dataset.Classes[item.Label]);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Ten decimals of a percent are 1e-8 px in an image of 10,000.
    private static void WritePercent(Utf8JsonWriter json, string name, double value, int size) => json.WriteNumber(name, Math.Round(value * 100 / size, 10));
}
