using System.Text.Json;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Via;

/// <summary>
/// Collects the regions of one file. VIA has no classes, but attributes that the user defines: the one that is named like a class, or else
/// the one that most regions have, is the class. Without attributes all objects are of one class.
/// </summary>
internal sealed class ViaRegions(string file, DatasetCollector collector)
{
    private const string OnlyClass = "object";
    private static readonly string[] ClassAttributes = ["class", "label", "category", "name", "type", "object", "classname", "class_name", "category_name"];

    private readonly List<(RawImage Image, EnclosingBox Box, string? Shapes, IReadOnlyDictionary<string, string?> Attributes, int Position)> _regions = [];
    private readonly Dictionary<RawImage, int> _positions = [];

    /// <summary>Adds an image with its regions, which version 1 numbers and version 2 lists.</summary>
    public void AddImage(JsonTree image)
    {
        if (Find(image["filename"].Text) is { } found)
        {
            foreach (JsonTree region in image["regions"].IsArray ? image["regions"].Items : image["regions"].Members.Values)
            {
                Add(found, region["shape_attributes"], GetAttributes(region["region_attributes"]));
            }
        }
    }

    /// <summary>Adds a row of a table; an image without regions has a row with an empty shape.</summary>
    public void AddRow(string fileName, string shape, string attributes, long line)
    {
        if (Find(fileName) is not { } image)
        {
            return;
        }

        try
        {
            JsonTree tree = JsonTree.Parse(shape.Length == 0 ? "{}" : shape);
            if (tree.Members.Count > 0)
            {
                Add(image, tree, GetAttributes(JsonTree.Parse(attributes.Length == 0 ? "{}" : attributes)));
            }
        }
        catch (JsonException exception)
        {
            collector.Raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation, image.File, $"its attributes are not JSON ({ProblemLog.Sanitize(exception.Message)}), skipped",
                "export the file again", image.FileName, place: $"line {line}");
        }
    }

    /// <summary>Assigns the classes.</summary>
    public void Complete()
    {
        string? key = FindClassAttribute();
        if (_regions.Count > 0 && key is null)
        {
            collector.Report(
                DatasetProblemKind.NonStandard, file, $"its regions have no attributes, so all objects are of one class, '{OnlyClass}'",
                "add a region attribute 'class' if there are several");
        }

        foreach ((RawImage image, EnclosingBox box, string? shapes, IReadOnlyDictionary<string, string?> attributes, int position) in _regions)
        {
            collector.AddShape(image, key is null ? OnlyClass : attributes.GetValueOrDefault(key), box, position, shapes);
        }
    }

    private RawImage? Find(string? name) => collector.AddImage(file, name);

    /// <summary>Adds a region whose box is known.</summary>
    /// <param name="image">The image.</param>
    /// <param name="box">The box; null for a line or a point, which is counted as skipped.</param>
    /// <param name="shapes">The shape's name in the plural, or null for an upright box.</param>
    /// <param name="attributes">The values of its attributes.</param>
    public void Add(RawImage image, EnclosingBox? box, string? shapes, IReadOnlyDictionary<string, string?> attributes)
    {
        int position = GetPosition(image);
        if (box is { } known)
        {
            _regions.Add((image, known, shapes, attributes, position));
        }
        else
        {
            collector.Raw.Shapes.AddSkipped("lines and points", image.File, image.FileName, position);
        }
    }

    private int GetPosition(RawImage image) => _positions[image] = _positions.GetValueOrDefault(image, -1) + 1;

    private void Add(RawImage image, JsonTree shape, IReadOnlyDictionary<string, string?> attributes)
    {
        int position = GetPosition(image);
        (double x, double y) = (shape["cx"].Number, shape["cy"].Number);
        EnclosingBox box = new();
        string? converted = null;
        switch (shape["name"].Text)
        {
            case "rect":
                box.Add(shape["x"].Number, shape["y"].Number);
                box.Add(shape["x"].Number + shape["width"].Number, shape["y"].Number + shape["height"].Number);
                break;
            case "circle":
                (box, converted) = (EnclosingBox.FromEllipse(x, y, shape["r"].Number, shape["r"].Number, 0), "circles");
                break;
            case "ellipse":
                double degrees = shape["theta"].Exists ? shape["theta"].Number * 180 / Math.PI : 0;
                (box, converted) = (EnclosingBox.FromEllipse(x, y, shape["rx"].Number, shape["ry"].Number, degrees), "ellipses");
                break;
            case "polygon" or "polyline" when shape["all_points_x"].Items.Count >= 3: // outlines are often drawn as polylines
                for (int i = 0; i < shape["all_points_x"].Items.Count; i++)
                {
                    box.Add(shape["all_points_x"][i].Number, shape["all_points_y"][i].Number);
                }

                converted = shape["name"].Text + "s";
                break;
            case "polyline" or "point":
                collector.Raw.Shapes.AddSkipped("lines and points", image.File, image.FileName, position);
                return;
            default:
                collector.Report(
                    DatasetProblemKind.UnreadableAnnotation, file, $"shape '{ProblemLog.Sanitize(shape["name"].Text ?? "?")}' is not known, skipped",
                    "draw a rectangle or a polygon", image.FileName, position);
                return;
        }

        _regions.Add((image, box, converted, attributes, position));
    }

    private string? FindClassAttribute()
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach ((_, _, _, IReadOnlyDictionary<string, string?> attributes, _) in _regions)
        {
            foreach ((string name, string? value) in attributes)
            {
                counts[name] = counts.GetValueOrDefault(name) + (value is null ? 0 : 1);
            }
        }

        string? named = ClassAttributes.SelectMany(wanted => counts.Keys.Where(name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(name => counts[name] > 0);
        string? key = named ?? counts.Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key).FirstOrDefault();
        if (named is null && counts.Count > 1)
        {
            collector.Report(
                DatasetProblemKind.NonStandard, file, $"it has {counts.Count} region attributes; '{ProblemLog.Sanitize(key ?? "?")}' was taken as the class",
                "name the attribute 'class' to choose another one");
        }

        return key;
    }

    private static Dictionary<string, string?> GetAttributes(JsonTree attributes) => attributes.Members.ToDictionary(pair => pair.Key, pair => GetValue(pair.Value));

    // Checkboxes are written as {"cat": true}.
    private static string? GetValue(JsonTree value) => value.IsObject
        ? value.Members.Where(pair => pair.Value.IsTrue).Select(pair => pair.Key).FirstOrDefault()
        : string.IsNullOrWhiteSpace(value.Text) ? null : value.Text;
}
