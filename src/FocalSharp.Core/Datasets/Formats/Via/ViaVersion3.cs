using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Via;

/// <summary>
/// Reads a project of VIA 3: <c>metadata</c> belongs to a <c>view</c>, which shows a <c>file</c>; <c>xy</c> is the number of a shape with its
/// coordinates, and <c>av</c> the values of attributes, which may be numbers of options.
/// </summary>
internal static class ViaVersion3
{
    public static void Read(string file, DatasetCollector collector, ViaRegions regions)
    {
        Dictionary<string, JsonTree> files = [];
        Dictionary<string, JsonTree> views = [];
        Dictionary<string, JsonTree> attributes = [];
        List<JsonTree> metadata = [];
        JsonElements.ReadObject(file, collector, ["file", "view", "metadata", "attribute"], (name, key, value) =>
        {
            switch (name)
            {
                case "file" when key is not null:
                    files[key] = value;
                    break;
                case "view" when key is not null:
                    views[key] = value;
                    break;
                case "attribute" when key is not null:
                    attributes[key] = value;
                    break;
                case "metadata":
                    metadata.Add(value);
                    break;
            }
        });
        Dictionary<string, RawImage> images = [];
        foreach ((string key, JsonTree view) in views)
        {
            JsonTree shown = files.GetValueOrDefault(view["fid_list"][0].Text ?? key);
            if (shown.IsObject && collector.AddImage(file, shown["fname"].Text ?? shown["src"].Text) is { } image)
            {
                images[key] = image;
            }
        }

        foreach (JsonTree item in metadata)
        {
            if (item["xy"].Items.Count > 0 && images.TryGetValue(item["vid"].Text ?? "", out RawImage? image))
            {
                (EnclosingBox? box, string? shapes) = GetBox(item["xy"].Items);
                regions.Add(image, box, shapes, GetValues(item["av"], attributes));
            }
        }
    }

    // 1 point, 2 rectangle, 3 circle, 4 ellipse, 5 line, 6 polyline, 7 polygon, 8 and 9 rectangle and circle by extreme points.
    private static (EnclosingBox? Box, string? Shapes) GetBox(IReadOnlyList<JsonTree> xy)
    {
        double[] numbers = [.. xy.Skip(1).Select(value => value.Number)];
        EnclosingBox box = new();
        switch ((xy[0].Number, numbers.Length))
        {
            case (2, 4):
                box.Add(numbers[0], numbers[1]);
                box.Add(numbers[0] + numbers[2], numbers[1] + numbers[3]);
                return (box, null);
            case (3, 3):
                return (EnclosingBox.FromEllipse(numbers[0], numbers[1], numbers[2], numbers[2], 0), "circles");
            case (4, 4):
                return (EnclosingBox.FromEllipse(numbers[0], numbers[1], numbers[2], numbers[3], 0), "ellipses");
            case (6 or 7 or 8, >= 6): // outlines are often drawn as polylines
                for (int i = 0; i + 1 < numbers.Length; i += 2)
                {
                    box.Add(numbers[i], numbers[i + 1]);
                }

                return (box, xy[0].Number switch { 8 => null, 6 => "polylines", _ => "polygons" });
            default:
                return (null, null);
        }
    }

    private static Dictionary<string, string?> GetValues(JsonTree values, Dictionary<string, JsonTree> attributes)
    {
        Dictionary<string, string?> named = [];
        foreach ((string key, JsonTree value) in values.Members)
        {
            JsonTree attribute = attributes.GetValueOrDefault(key);
            string text = value.Text ?? "";
            string chosen = attribute["options"][text].Text ?? text;
            named[attribute["aname"].Text ?? key] = string.IsNullOrWhiteSpace(chosen) ? null : chosen;
        }

        return named;
    }
}
