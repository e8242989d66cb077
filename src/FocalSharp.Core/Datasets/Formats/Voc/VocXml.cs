using System.Globalization;
using System.Xml.Linq;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>Reads the XML of one image, without DTD or external resources, up to a maximum size.</summary>
internal static class VocXml
{
    private const int MaxElementsNamed = 8;

    /// <exception cref="System.Xml.XmlException">Not well-formed, with a DTD, or too large.</exception>
    /// <exception cref="InvalidDataException">The file is larger than allowed, or its root is not <c>annotation</c>.</exception>
    public static VocFile Parse(string path)
    {
        (XElement root, string? guessed) = BoundedXml.Load(path);
        if (root.Name.LocalName != "annotation")
        {
            throw new InvalidDataException($"its root is <{root.Name.LocalName}>, not <annotation>");
        }

        XElement? size = Child(root, "size");
        VocObject[] objects = [.. Children(root, "object").Select(Object)];
        return new VocFile(Child(root, "filename")?.Value.Trim(), ImageSize.From(Number(Child(size, "width")), Number(Child(size, "height"))), objects)
        {
            GuessedEncoding = guessed,
            Misplaced = objects.Length == 0 && root.Descendants().Any(element => HasName(element, "bndbox"))
                ? string.Join(", ", root.Elements().Select(element => $"<{Reading.ProblemLog.Sanitize(element.Name.LocalName)}>").Distinct().Take(MaxElementsNamed))
                : null,
        };
    }

    private static VocObject Object(XElement element)
    {
        XElement? box = Child(element, "bndbox");
        if (box is null && Child(element, "robndbox") is { } rotated)
        {
            return Enclosed(element, "rotated boxes", GetRotatedBox(rotated));
        }

        if (box is null && Child(element, "polygon") is { } polygon && GetPolygon(polygon) is { Points: >= 3 } points)
        {
            return Enclosed(element, "polygons", points);
        }

        // The LabelMe web tool writes the box around a mask.
        if (box is null && Child(Child(element, "segm"), "box") is { } around)
        {
            EnclosingBox mask = new();
            mask.Add(Number(Child(around, "xmin")), Number(Child(around, "ymin")));
            mask.Add(Number(Child(around, "xmax")), Number(Child(around, "ymax")));
            return Enclosed(element, "masks", mask);
        }

        XElement?[] corners = [Child(box, "xmin"), Child(box, "ymin"), Child(box, "xmax"), Child(box, "ymax")];
        return new VocObject(
            Child(element, "name")?.Value,
            corners.All(corner => corner is not null),
            Number(corners[0]),
            Number(corners[1]),
            Number(corners[2]),
            Number(corners[3]),
            corners.All(corner => corner?.Value.Contains('.', StringComparison.Ordinal) != true),
            IsDifficult(element));
    }

    private static VocObject Enclosed(XElement element, string shape, EnclosingBox box) =>
        new(Child(element, "name")?.Value, true, box.X1 + 1, box.Y1 + 1, box.X2, box.Y2, IsWhole: false, IsDifficult(element)) { ShapeName = shape };

    // roLabelImg: center, size and a clockwise angle in radians.
    private static EnclosingBox GetRotatedBox(XElement rotated)
    {
        double width = Number(Child(rotated, "w"));
        double height = Number(Child(rotated, "h"));
        double left = Number(Child(rotated, "cx")) - (width / 2);
        double top = Number(Child(rotated, "cy")) - (height / 2);
        return EnclosingBox.FromRotatedRectangle(left, top, width, height, Number(Child(rotated, "angle")) * 180 / Math.PI);
    }

    // Roboflow's x1, y1, x2, y2, …, or LabelMe's points.
    private static EnclosingBox GetPolygon(XElement polygon)
    {
        EnclosingBox box = new();
        for (int i = 1; Child(polygon, $"x{i}") is { } x && Child(polygon, $"y{i}") is { } y; i++)
        {
            box.Add(Number(x), Number(y));
        }

        foreach (XElement point in Children(polygon, "pt"))
        {
            box.Add(Number(Child(point, "x")), Number(Child(point, "y")));
        }

        return box;
    }

    private static bool IsDifficult(XElement element) => Child(element, "difficult")?.Value.Trim() is "1" or "true" or "True";

    private static double Number(XElement? element) =>
        double.TryParse(element?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;

    private static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(element => HasName(element, name));

    private static IEnumerable<XElement> Children(XElement parent, string name) => parent.Elements().Where(element => HasName(element, name));

    private static bool HasName(XElement element, string name) => element.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The contents of an XML file.</summary>
internal sealed record VocFile(string? FileName, ImageSize? Size, IReadOnlyList<VocObject> Objects)
{
    /// <summary>Gets the encoding that was guessed, or null if it is certain.</summary>
    public string? GuessedEncoding { get; init; }

    /// <summary>Gets the names of the root's elements if there are boxes, but no objects; otherwise null.</summary>
    public string? Misplaced { get; init; }
}

/// <summary>An <c>object</c> element; corners are 1-based and inclusive, NaN if they cannot be read.</summary>
internal sealed record VocObject(
    string? Name, bool HasBox, double XMin, double YMin, double XMax, double YMax, bool IsWhole, bool IsDifficult)
{
    /// <summary>
    /// Gets whether the corners are integers that are equal or swapped: an accidental click, not a box of one pixel. Sub-pixel boxes are
    /// written with a decimal point and may be that thin.
    /// </summary>
    public bool IsPoint => ShapeName is null && IsWhole && (XMax <= XMin || YMax <= YMin);

    /// <summary>Gets the name of the shape, in the plural, that the corners enclose; null for a box.</summary>
    public string? ShapeName { get; init; }
}
