using System.Text.Json;
using FocalSharp.Explorer.Datasets.Filtering;
using FocalSharp.Explorer.Labels;

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

    /// <summary>Writes a page of all images.</summary>
    public static void Write(Utf8JsonWriter writer, EvaluatedDataset evaluated, IReadOnlyList<EvaluatedImage> images, int total)
    {
        writer.WriteStartObject();
        WriteStart(writer, evaluated, total);
        foreach (EvaluatedImage image in images)
        {
            writer.WriteStartObject();
            WriteImage(writer, image);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes a page of the images that a filter finds, with the boxes that it counts.</summary>
    public static void Write(Utf8JsonWriter writer, EvaluatedDataset evaluated, ImageFilter filter, IReadOnlyList<FilteredImage> found, int offset, int limit)
    {
        writer.WriteStartObject();
        writer.WriteString("filter", filter.Title);
        writer.WriteNumber("counted", found.Sum(image => image.Marks.Count));
        WriteStart(writer, evaluated, found.Count);
        foreach (FilteredImage image in found.Skip(offset).Take(limit))
        {
            writer.WriteStartObject();
            WriteImage(writer, image.Image);
            writer.WriteStartArray("marks");
            foreach (FilterMark mark in image.Marks)
            {
                WriteMark(writer, mark);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteStart(Utf8JsonWriter writer, EvaluatedDataset evaluated, int total)
    {
        writer.WriteString("dataset", evaluated.Dataset.Name);
        writer.WriteString("split", evaluated.Split);
        writer.WriteNumber("total", total);
        writer.WriteBoolean("evaluated", evaluated.HasDetections);
        writer.WriteNumber("missed", evaluated.Images.Sum(image => image.Missed));
        writer.WriteNumber("objects", evaluated.Dataset.ObjectCount);
        writer.WriteStartArray("images");
    }

    private static void WriteImage(Utf8JsonWriter writer, EvaluatedImage image)
    {
        writer.WriteNumber("index", image.Index);
        writer.WriteString("name", image.Image.FileName);
        writer.WriteNumber("width", image.Image.Width);
        writer.WriteNumber("height", image.Image.Height);
        writer.WriteNumber("objects", image.Image.Objects.Count(item => !item.IsCrowd));
        writer.WriteNumber("missed", image.Missed);
        writer.WriteNumber("falsePositives", image.FalsePositives);
    }

    private static void WriteMark(Utf8JsonWriter writer, FilterMark mark)
    {
        writer.WriteStartObject();
        writer.WriteString("text", mark.Text);
        LabelJson.WriteBox(writer, mark.Box);
        writer.WriteEndObject();
    }
}
