using System.Text.Json;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Explorer.Comparison;

/// <summary>Writes a comparison.</summary>
internal static class ComparisonJson
{
    private const int MaxImages = 2000;

    /// <summary>Writes the response; of many images, those on which the models differ most.</summary>
    public static void Write(Utf8JsonWriter writer, ModelComparison comparison)
    {
        writer.WriteStartObject();
        writer.WriteString("dataset", comparison.Evaluated.Dataset.Name);
        writer.WriteString("split", comparison.Evaluated.Split);
        writer.WriteNumber("images", comparison.Evaluated.Images.Count);
        writer.WriteNumber("level", comparison.Values.Level);
        WriteMetrics(writer, "metrics", comparison.Values.Headline);
        WriteMetrics(writer, "classes", comparison.Values.Classes);
        writer.WriteStartArray("list");
        foreach (ComparedImage image in comparison.Images.Take(MaxImages))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", image.Image.Index);
            writer.WriteString("name", image.Image.Image.FileName);
            writer.WriteNumber("onlyFirst", image.OnlyFirst);
            writer.WriteNumber("onlySecond", image.OnlySecond);
            writer.WriteNumber("neither", image.Neither);
            writer.WriteNumber("both", image.Both);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter writer, string name, IReadOnlyList<ComparedMetric> metrics)
    {
        writer.WriteStartArray(name);
        foreach (ComparedMetric metric in metrics)
        {
            writer.WriteStartObject();
            writer.WriteString("name", metric.Name);
            writer.WriteNumber("objects", metric.Objects);
            if (metric.Difference is { } value)
            {
                writer.WriteNumber("first", value.First);
                writer.WriteNumber("second", value.Second);
                writer.WriteNumber("difference", value.Difference);
                writer.WriteNumber("low", value.Interval.Low);
                writer.WriteNumber("high", value.Interval.High);
                writer.WriteNumber("p", value.PValue);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
