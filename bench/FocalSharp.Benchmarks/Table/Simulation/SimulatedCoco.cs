using System.Text.Json;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Benchmarks.Table.Simulation;

/// <summary>A data set with COCO's statistics and a detector's results: objects found well, badly and twice, and false positives.</summary>
internal static class SimulatedCoco
{
    private const int Width = 640;
    private const int Height = 480;

    /// <summary>Creates ground truth and results.</summary>
    public static (CocoGroundTruth Truth, CocoResults Results) Create(int images, int objects, int detections, int classes = 80)
    {
        Random random = new(1);
        CocoCategory[] categories = [.. Enumerable.Range(1, classes).Select(id => new CocoCategory(id, $"class {id}"))];
        long[] ids = [.. Enumerable.Range(1, images).Select(id => (long)id * 7)];
        CocoAnnotation[] annotations = new CocoAnnotation[objects];
        for (int i = 0; i < objects; i++)
        {
            CocoBox box = Draw(random);
            annotations[i] = new CocoAnnotation(i + 1, ids[i % images], Class(random, classes), box, box.Area * 0.6, random.Next(100) == 0);
        }

        CocoResult[] results = new CocoResult[detections];
        for (int i = 0; i < detections; i++)
        {
            if (random.NextDouble() < 0.3)
            {
                CocoAnnotation thing = annotations[random.Next(objects)];
                double shift = 0.4 * random.NextDouble() * random.NextDouble();
                CocoBox box = new(
                    Round(thing.Box.X + (shift * thing.Box.Width)), Round(thing.Box.Y), Round(thing.Box.Width), Round(thing.Box.Height * (1 + shift)));
                results[i] = new CocoResult(thing.ImageId, thing.CategoryId, box, Score(random, 1 - shift));
            }
            else
            {
                results[i] = new CocoResult(ids[random.Next(images)], Class(random, classes), Draw(random), Score(random, 0.4));
            }
        }

        return (new CocoGroundTruth("simulated objects", ids, categories, annotations), new CocoResults("simulated results", results));
    }

    /// <summary>Writes an annotation file.</summary>
    public static void Write(CocoGroundTruth truth, string path)
    {
        using FileStream stream = File.Create(path);
        using Utf8JsonWriter writer = new(stream);
        writer.WriteStartObject();
        writer.WriteStartArray("images");
        foreach (long id in truth.ImageIds)
        {
            writer.WriteStartObject();
            writer.WriteString("file_name", $"{id:000000000000}.jpg");
            writer.WriteNumber("height", Height);
            writer.WriteNumber("width", Width);
            writer.WriteNumber("id", id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("annotations");
        for (int i = 0; i < truth.Count; i++)
        {
            CocoAnnotation thing = truth[i];
            writer.WriteStartObject();
            writer.WriteNumber("area", thing.Area);
            writer.WriteNumber("iscrowd", thing.IsCrowd ? 1 : 0);
            writer.WriteNumber("image_id", thing.ImageId);
            writer.WriteStartArray("bbox");
            writer.WriteNumberValue(thing.Box.X);
            writer.WriteNumberValue(thing.Box.Y);
            writer.WriteNumberValue(thing.Box.Width);
            writer.WriteNumberValue(thing.Box.Height);
            writer.WriteEndArray();
            writer.WriteNumber("category_id", thing.CategoryId);
            writer.WriteNumber("id", thing.Id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("categories");
        foreach (CocoCategory category in truth.Categories)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", category.Id);
            writer.WriteString("name", category.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // COCO's classes are imbalanced: a third of all objects are people.
    private static int Class(Random random, int classes) => 1 + (int)(classes * Math.Pow(random.NextDouble(), 2.5));

    private static CocoBox Draw(Random random)
    {
        double w = 8 * Math.Pow(50, random.NextDouble());
        double h = Math.Min(Height, w * (0.5 + (1.5 * random.NextDouble())));
        return new CocoBox(Round(random.NextDouble() * (Width - w)), Round(random.NextDouble() * (Height - h)), Round(w), Round(h));
    }

    private static double Score(Random random, double max) => Math.Round(max * random.NextDouble(), 6);

    private static double Round(double value) => Math.Round(value, 2);
}
