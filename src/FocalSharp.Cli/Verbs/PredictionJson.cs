using System.Globalization;
using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections;

namespace FocalSharp.Cli.Verbs;

/// <summary>The two forms in which <c>predict</c> writes detections.</summary>
internal static class PredictionJson
{

    /// <summary>
    /// For people and services: class names, corners, each side's standard deviation in pixels, and each edge's expected coordinate
    /// and quantiles in pixels of the image.
    /// </summary>
    public static string Readable(
        IReadOnlyList<PredictedImage> images, IReadOnlyList<string> classes, string model, double threshold) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteNumber("threshold", threshold);
        writer.WriteStartArray("classes");
        foreach (string name in classes)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("images");
        foreach (PredictedImage image in images)
        {
            WriteImage(writer, image, classes);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>
    /// COCO results. The image id is the number that the file is named by, where all files are; else its place from 1. The category
    /// id is COCO's own where the classes are COCO's, else the label plus 1.
    /// </summary>
    public static string Coco(IReadOnlyList<PredictedImage> images, IReadOnlyList<string> classes) => JsonText.Write(writer =>
    {
        long[] ids = [.. Ids(images)];
        IReadOnlyList<int> categories = classes.SequenceEqual(Datasets.CocoClasses.Names, StringComparer.Ordinal)
            ? Datasets.CocoClasses.CategoryIds
            : [.. Enumerable.Range(1, classes.Count)];
        writer.WriteStartArray();
        for (int i = 0; i < images.Count; i++)
        {
            foreach (Detection detection in images[i].Detections)
            {
                writer.WriteStartObject();
                writer.WriteNumber("image_id", ids[i]);
                writer.WriteString("file_name", images[i].File);
                writer.WriteNumber("category_id", categories[detection.Label]);
                writer.WriteStartArray("bbox");
                writer.WriteNumberValue(detection.Box.X1);
                writer.WriteNumberValue(detection.Box.Y1);
                writer.WriteNumberValue(detection.Box.Width);
                writer.WriteNumberValue(detection.Box.Height);
                writer.WriteEndArray();
                writer.WriteNumber("score", detection.Score);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    });

    private static IEnumerable<long> Ids(IReadOnlyList<PredictedImage> images)
    {
        long?[] named = [.. images.Select(image => long.TryParse(
            Path.GetFileNameWithoutExtension(image.File), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : (long?)null)];
        return named.All(id => id is not null) && named.Distinct().Count() == named.Length
            ? named.Select(id => id!.Value)
            : Enumerable.Range(1, images.Count).Select(number => (long)number);
    }

    private static void WriteImage(Utf8JsonWriter writer, PredictedImage image, IReadOnlyList<string> classes)
    {
        writer.WriteStartObject();
        writer.WriteString("file", image.File);
        writer.WriteNumber("width", image.Width);
        writer.WriteNumber("height", image.Height);
        writer.WriteStartArray("detections");
        foreach (Detection detection in image.Detections)
        {
            writer.WriteStartObject();
            writer.WriteString("class", classes[detection.Label]);
            writer.WriteNumber("label", detection.Label);
            writer.WriteNumber("score", Math.Round(detection.Score, 5));
            Sides(writer, "box", ["x1", "y1", "x2", "y2"], [detection.Box.X1, detection.Box.Y1, detection.Box.X2, detection.Box.Y2]);
            SideValues sigma = detection.Deviation;
            Sides(writer, "deviation_px", SideValues.Names, [sigma.Left, sigma.Top, sigma.Right, sigma.Bottom]);
            WriteEdges(writer, detection);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteEdges(Utf8JsonWriter writer, Detection detection)
    {
        writer.WriteStartObject("edges");
        for (int side = 0; side < SideValues.Names.Count; side++)
        {
            writer.WriteStartObject(SideValues.Names[side]);
            writer.WriteNumber("mean", Math.Round(detection.Mean[side], 2));
            writer.WriteNumber("deviation", Math.Round(detection.Deviation[side], 2));
            foreach (EdgeQuantile quantile in detection.Quantiles)
            {
                writer.WriteNumber(QuantileName(quantile.Probability), Math.Round(quantile.Position[side], 2));
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    // q05, q50, q95; q2.5 where a probability is no whole percent.
    private static string QuantileName(double probability) => string.Create(CultureInfo.InvariantCulture, $"q{100 * probability:00.###}");

    private static void Sides(Utf8JsonWriter writer, string name, IReadOnlyList<string> keys, float[] values)
    {
        writer.WriteStartObject(name);
        foreach ((string key, float value) in keys.Zip(values))
        {
            writer.WriteNumber(key, Math.Round(value, 2));
        }

        writer.WriteEndObject();
    }
}
