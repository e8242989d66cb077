using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Writes <c>annotations/instances_SPLIT.json</c>.</summary>
internal static class CocoWriter
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        foreach (IGrouping<DatasetSplit, OutputImage> split in images.GroupBy(image => image.Source.Split))
        {
            string path = Path.Combine(folder, "annotations", $"instances_{SplitNames.GetName(split.Key)}.json");
            AtomicFile.Write(path, stream => Write(dataset, [.. split], stream));
        }

        return folder;
    }

    private static void Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, Stream stream)
    {
        long[] imageIds = UniqueIds(images.Select(image => image.Source.Id));
        using Utf8JsonWriter json = new(stream, Options);
        json.WriteStartObject();
        json.WriteStartArray("categories");
        for (int label = 0; label < dataset.Classes.Count; label++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", dataset.CategoryIds[label]);
            json.WriteString("name", dataset.Classes[label]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("images");
        for (int i = 0; i < images.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", imageIds[i]);
            json.WriteString("file_name", images[i].Name);
            json.WriteNumber("width", images[i].Source.Width);
            json.WriteNumber("height", images[i].Source.Height);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteAnnotations(json, dataset, images, imageIds);
        json.WriteEndObject();
    }

    private static void WriteAnnotations(
        Utf8JsonWriter json, DetectionDataset dataset, IReadOnlyList<OutputImage> images, long[] imageIds)
    {
        long[] ids = UniqueIds(images.SelectMany(image => image.Source.Objects).Select(item => item.Id));
        int next = 0;
        json.WriteStartArray("annotations");
        for (int i = 0; i < images.Count; i++)
        {
            foreach (ObjectAnnotation item in images[i].Source.Objects)
            {
                json.WriteStartObject();
                json.WriteNumber("id", ids[next++]);
                json.WriteNumber("image_id", imageIds[i]);
                json.WriteNumber("category_id", dataset.CategoryIds[item.Label]);
                Numbers(
                    json, "bbox", item.Box.X1, item.Box.Y1, (double)item.Box.X2 - item.Box.X1, (double)item.Box.Y2 - item.Box.Y1);
                json.WriteNumber("area", item.Area);
                json.WriteNumber("iscrowd", item.IsCrowd ? 1 : 0);
                Flags(json, item);
                json.WriteEndObject();
            }

            if (json.BytesPending > 1 << 20)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }

    private static void Flags(Utf8JsonWriter json, ObjectAnnotation item)
    {
        if (item.IsIgnored)
        {
            json.WriteNumber("ignore", 1);
        }

        if (item.IsDifficult)
        {
            json.WriteNumber("difficult", 1);
        }

        if (item.SideBlur is SideValues blur)
        {
            Numbers(json, CocoParser.SideBlurKey, blur.Left, blur.Top, blur.Right, blur.Bottom);
        }
    }

    // Six decimals are finer than the resolution of a float32 pixel coordinate, and avoid 0.30000001192092896.
    private static void Numbers(Utf8JsonWriter json, string name, double a, double b, double c, double d)
    {
        json.WriteStartArray(name);
        foreach (double value in (ReadOnlySpan<double>)[a, b, c, d])
        {
            json.WriteNumberValue(Math.Round(value, 6));
        }

        json.WriteEndArray();
    }

    // Ids are preserved if they are unique, because results refer to them.
    private static long[] UniqueIds(IEnumerable<long> ids)
    {
        long[] given = [.. ids];
        return given.Distinct().Count() == given.Length ? given : [.. Enumerable.Range(1, given.Length).Select(id => (long)id)];
    }
}
