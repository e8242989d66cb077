using System.Text.Json;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Runtime.Json;

namespace FocalSharp.Cli.Prediction;

/// <summary>Formats the detections of <c>predict</c> as JSON.</summary>
internal static class PredictionJson
{
    /// <summary>
    /// Returns class names, box corners, each side's standard deviation, each edge's mean and quantiles, and the intervals of a calibrated model, in pixels
    /// of the image.
    /// </summary>
    public static string CreateReadable(
        IReadOnlyList<PredictedImage> images, IReadOnlyList<string> classes, string model, double threshold, IReadOnlyList<double>? classThresholds = null) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteNumber("threshold", threshold);
        if (classThresholds is not null)
        {
            writer.WriteStartObject("class_thresholds");
            foreach ((string name, double value) in classes.Zip(classThresholds))
            {
                writer.WriteNumber(name, value);
            }

            writer.WriteEndObject();
        }

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
    /// Returns COCO results with file and class names, by which <c>eval --dt</c> finds the images and classes of any annotations. Boxes are computed
    /// as in the evaluation of a model, so that both give one AP. Detections of classes without an id are left out.
    /// </summary>
    public static string CreateCocoResults(IReadOnlyList<PredictedImage> images, CocoIds ids) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (PredictedImage image in images)
        {
            (long imageId, string fileName) = ids.GetImage(image.File);
            foreach (Detection detection in image.Detections)
            {
                if (ids.Categories[detection.Label] is not { } category)
                {
                    continue;
                }

                CocoBox box = CocoBox.From(detection.Box);
                writer.WriteStartObject();
                writer.WriteNumber("image_id", imageId);
                writer.WriteString("file_name", fileName);
                writer.WriteNumber("category_id", category.Id);
                writer.WriteString("category_name", category.Name);
                writer.WriteStartArray("bbox");
                writer.WriteNumberValue(box.X);
                writer.WriteNumberValue(box.Y);
                writer.WriteNumberValue(box.Width);
                writer.WriteNumberValue(box.Height);
                writer.WriteEndArray();
                writer.WriteNumber("score", (double)detection.Score);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    });

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
