using System.Text;
using System.Text.Json;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Finds the box around a <c>segmentation</c>: polygons, or a run-length encoded mask, compressed or not.</summary>
internal static class CocoSegmentationParser
{
    /// <summary>Reads the value of the current property; returns null if it outlines nothing.</summary>
    public static CocoSegmentation? Read(ref JsonTokenStream json)
    {
        json.Next();
        if (json.Type == JsonTokenType.StartArray)
        {
            EnclosingBox box = ReadPolygons(ref json);
            return box.Points >= 3 ? new CocoSegmentation(box, IsMask: false) : null;
        }

        if (json.Type == JsonTokenType.StartObject)
        {
            return ReadMask(ref json) is { } box ? new CocoSegmentation(box, IsMask: true) : null;
        }

        json.Skip();
        return null;
    }

    // [[x, y, x, y, …], …], or a single polygon without the outer brackets, which some exports write.
    private static EnclosingBox ReadPolygons(ref JsonTokenStream json)
    {
        EnclosingBox box = new();
        double x = double.NaN;
        bool half = false;
        for (int depth = 1; depth > 0;)
        {
            json.Next();
            switch (json.Type)
            {
                case JsonTokenType.StartArray:
                    depth++;
                    half = false;
                    break;
                case JsonTokenType.EndArray:
                    depth--;
                    half = false;
                    break;
                case JsonTokenType.Number or JsonTokenType.String:
                    double value = json.ReadNumber();
                    if (half)
                    {
                        box.Add(x, value);
                    }

                    (x, half) = (value, !half);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return box;
    }

    private static EnclosingBox? ReadMask(ref JsonTokenStream json)
    {
        double height = double.NaN;
        double width = double.NaN;
        List<double>? counts = null;
        string? compressed = null;
        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            bool isSize = json.Is("size"u8);
            bool isCounts = json.Is("counts"u8);
            json.Next();
            if (isCounts && json.Type == JsonTokenType.String)
            {
                compressed = json.ReadText();
            }
            else if (isCounts && json.Type == JsonTokenType.StartArray)
            {
                counts = ReadNumbers(ref json);
            }
            else if (isSize && json.Type == JsonTokenType.StartArray)
            {
                List<double> size = ReadNumbers(ref json);
                (height, width) = size.Count == 2 ? (size[0], size[1]) : (height, width);
            }
            else
            {
                json.Skip();
            }
        }

        RunLengthMask mask = new(height, width);
        if (compressed is not null)
        {
            mask.AddCompressed(Encoding.UTF8.GetBytes(compressed));
        }

        foreach (double count in counts ?? [])
        {
            mask.Add(count);
        }

        return mask.IsValid ? mask.BoxByColumns() : null;
    }

    private static List<double> ReadNumbers(ref JsonTokenStream json)
    {
        List<double> numbers = [];
        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            numbers.Add(json.ReadNumber());
        }

        return numbers;
    }
}
