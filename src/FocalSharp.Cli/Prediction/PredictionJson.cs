using System.Globalization;
using System.Text.Json;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections;
using FocalSharp.Runtime.Json;

namespace FocalSharp.Cli.Prediction;

/// <summary>Formats the detections of <c>predict</c> as JSON.</summary>
internal static class PredictionJson
{
    /// <summary>
    /// Returns class names, box corners, each side's standard deviation, and each edge's mean and quantiles, in pixels of the image.
    /// </summary>
    public static string CreateReadable(
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
    /// Returns COCO results. The image id is the number in the file name if all files are named by numbers; otherwise its index from 1.
    /// The category id is COCO's if the classes are COCO's; otherwise the label plus 1.
    /// </summary>
    public static string CreateCocoResults(IReadOnlyList<PredictedImage> images, IReadOnlyList<string> classes) => JsonText.Write(writer =>
    {
        long[] ids = [.. GetImageIds(images)];
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

    private static IEnumerable<long> GetImageIds(IReadOnlyList<PredictedImage> images)
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
            JsonSerializer.Serialize(writer, DetectionJson.ToEdgesData(detection, classes), DetectionJsonContext.Default.DetectionEdgesData);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
