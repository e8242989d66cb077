using System.Globalization;
using System.Xml.Linq;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>Reads the XML of one image, without DTD or external resources, up to a maximum size.</summary>
internal static class VocXml
{
    /// <exception cref="System.Xml.XmlException">Not well-formed, with a DTD, or too large.</exception>
    /// <exception cref="InvalidDataException">The file is larger than allowed, or its root is not <c>annotation</c>.</exception>
    public static VocFile Parse(string path)
    {
        (XElement root, string? guessed) = BoundedXml.Load(path);
        if (root.Name.LocalName != "annotation")
        {
            throw new InvalidDataException($"its root is <{root.Name.LocalName}>, not <annotation>");
        }

        XElement? size = root.Element("size");
        double width = Number(size?.Element("width"));
        double height = Number(size?.Element("height"));
        return new VocFile(
            root.Element("filename")?.Value.Trim(),
            ImageSize.From(width, height),
            [.. root.Elements("object").Select(Object)])
        { GuessedEncoding = guessed };
    }

    private static VocObject Object(XElement element)
    {
        XElement? box = element.Element("bndbox");
        if (box is null && element.Element("robndbox") is { } rotated)
        {
            return RotatedObject(element, rotated);
        }

        XElement?[] corners = [box?.Element("xmin"), box?.Element("ymin"), box?.Element("xmax"), box?.Element("ymax")];
        return new VocObject(
            element.Element("name")?.Value,
            corners.All(corner => corner is not null),
            Number(corners[0]),
            Number(corners[1]),
            Number(corners[2]),
            Number(corners[3]),
            corners.All(corner => corner?.Value.Contains('.', StringComparison.Ordinal) != true),
            IsDifficult(element));
    }

    // roLabelImg: center, size and a clockwise angle in radians.
    private static VocObject RotatedObject(XElement element, XElement rotated)
    {
        double width = Number(rotated.Element("w"));
        double height = Number(rotated.Element("h"));
        double left = Number(rotated.Element("cx")) - (width / 2);
        double top = Number(rotated.Element("cy")) - (height / 2);
        double degrees = Number(rotated.Element("angle")) * 180 / Math.PI;
        EnclosingBox box = EnclosingBox.FromRotatedRectangle(left, top, width, height, degrees);
        return new VocObject(element.Element("name")?.Value, true, box.X1 + 1, box.Y1 + 1, box.X2, box.Y2, IsWhole: false, IsDifficult(element))
        {
            IsRotated = true,
        };
    }

    private static bool IsDifficult(XElement element) => element.Element("difficult")?.Value.Trim() is "1" or "true" or "True";

    private static double Number(XElement? element) =>
        double.TryParse(element?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}

/// <summary>The contents of an XML file.</summary>
internal sealed record VocFile(string? FileName, ImageSize? Size, IReadOnlyList<VocObject> Objects)
{
    /// <summary>Gets the encoding that was guessed, or null if it is certain.</summary>
    public string? GuessedEncoding { get; init; }
}

/// <summary>An <c>object</c> element; corners are 1-based and inclusive, NaN if they cannot be read.</summary>
internal sealed record VocObject(
    string? Name, bool HasBox, double XMin, double YMin, double XMax, double YMax, bool IsWhole, bool IsDifficult)
{
    /// <summary>
    /// Gets whether the corners are integers that are equal or swapped: an accidental click, not a box of one pixel. Sub-pixel boxes are
    /// written with a decimal point and may be that thin.
    /// </summary>
    public bool IsPoint => !IsRotated && IsWhole && (XMax <= XMin || YMax <= YMin);

    /// <summary>Gets whether the corners enclose a rotated box.</summary>
    public bool IsRotated { get; init; }
}
