using System.Text.Json;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.LabelMe;

/// <summary>Writes a JSON file beside each image, in a folder per split, and <c>labels.txt</c>, which preserves the order of the classes.</summary>
internal static class LabelMeWriter
{
    public static string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        AtomicBatch batch = new();
        foreach (OutputImage image in images)
        {
            batch.Write(Path.Combine(folder, Path.ChangeExtension(image.RelativePath, ".json")), stream => Write(dataset, image, stream));
        }

        batch.Flush();
        ClassList.Write(dataset, folder);
        return folder;
    }

    private static void Write(DetectionDataset dataset, OutputImage image, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, JsonOutput.Indented);
        json.WriteStartObject();
        json.WriteString("version", "5.5.0");
        json.WriteStartObject("flags");
        json.WriteEndObject();
        json.WriteStartArray("shapes");
        foreach (ObjectAnnotation item in image.Source.Objects)
        {
            json.WriteStartObject();
            json.WriteString("label", dataset.Classes[item.Label]);
            json.WriteStartArray("points");
            WritePoint(json, item.Box.X1, item.Box.Y1);
            WritePoint(json, item.Box.X2, item.Box.Y2);
            json.WriteEndArray();
            json.WriteNull("group_id");
            json.WriteString("description", "");
            json.WriteString("shape_type", "rectangle");
            json.WriteStartObject("flags");
            if (item.IsDifficult)
            {
                json.WriteBoolean("difficult", true);
            }

            json.WriteEndObject();
            json.WriteNull("mask");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("imagePath", Path.GetFileName(image.Name));
        json.WriteNull("imageData");
        json.WriteNumber("imageHeight", image.Source.Height);
        json.WriteNumber("imageWidth", image.Source.Width);
        json.WriteEndObject();
    }

    private static void WritePoint(Utf8JsonWriter json, double x, double y)
    {
        json.WriteStartArray();
        json.WriteNumberValue(JsonOutput.Round(x));
        json.WriteNumberValue(JsonOutput.Round(y));
        json.WriteEndArray();
    }
}
