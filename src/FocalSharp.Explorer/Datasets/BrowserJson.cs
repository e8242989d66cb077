using System.Text.Json;

namespace FocalSharp.Explorer.Datasets;

/// <summary>Writes a page of the image list.</summary>
internal static class BrowserJson
{
    /// <summary>Writes an empty list and the reason for it.</summary>
    public static void WriteEmpty(Utf8JsonWriter writer, string note)
    {
        writer.WriteStartObject();
        writer.WriteNumber("total", 0);
        writer.WriteString("note", note);
        writer.WriteStartArray("images");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, EvaluatedDataset evaluated, IReadOnlyList<EvaluatedImage> images)
    {
        writer.WriteStartObject();
        writer.WriteString("dataset", evaluated.Dataset.Name);
        writer.WriteString("split", evaluated.Split);
        writer.WriteNumber("total", evaluated.Images.Count);
        writer.WriteBoolean("evaluated", evaluated.HasDetections);
        writer.WriteNumber("missed", evaluated.Images.Sum(image => image.Missed));
        writer.WriteNumber("objects", evaluated.Dataset.ObjectCount);
        writer.WriteStartArray("images");
        foreach (EvaluatedImage image in images)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", image.Index);
            writer.WriteString("name", image.Image.FileName);
            writer.WriteNumber("width", image.Image.Width);
            writer.WriteNumber("height", image.Image.Height);
            writer.WriteNumber("objects", image.Image.Objects.Count(item => !item.IsCrowd));
            writer.WriteNumber("missed", image.Missed);
            writer.WriteNumber("falsePositives", image.FalsePositives);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
