using System.Text.Json;

namespace FocalSharp.Explorer.Datasets;

/// <summary>One page of the browser's list.</summary>
internal static class BrowserJson
{
    /// <summary>No images, and why.</summary>
    public static void WriteNone(Utf8JsonWriter writer, string note)
    {
        writer.WriteStartObject();
        writer.WriteNumber("total", 0);
        writer.WriteString("note", note);
        writer.WriteStartArray("images");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, JudgedData judged, IReadOnlyList<JudgedImage> images)
    {
        writer.WriteStartObject();
        writer.WriteString("dataset", judged.Dataset.Name);
        writer.WriteString("split", judged.Split);
        writer.WriteNumber("total", judged.Images.Count);
        writer.WriteBoolean("judged", judged.IsJudged);
        writer.WriteNumber("missed", judged.Images.Sum(image => image.Missed));
        writer.WriteNumber("objects", judged.Dataset.ObjectCount);
        writer.WriteStartArray("images");
        foreach (JudgedImage image in images)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", image.Index);
            writer.WriteString("name", image.Image.FileName);
            writer.WriteNumber("width", image.Image.Width);
            writer.WriteNumber("height", image.Image.Height);
            writer.WriteNumber("objects", image.Image.Objects.Count(item => !item.IsCrowd));
            writer.WriteNumber("missed", image.Missed);
            writer.WriteNumber("extra", image.Extra);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
