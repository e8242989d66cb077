using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>Reads the XML of one image, without DTD or external resources, up to a maximum size.</summary>
internal static class VocXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = BoundedText.MaxAnnotationBytes,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <exception cref="XmlException">Not well-formed, with a DTD, or too large.</exception>
    /// <exception cref="InvalidDataException">The file is larger than allowed, or its root is not <c>annotation</c>.</exception>
    public static VocFile Parse(string path)
    {
        BoundedText.CheckSize(path, BoundedText.MaxAnnotationBytes);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.SequentialScan);
        using XmlReader reader = XmlReader.Create(stream, Settings);
        XElement root = XElement.Load(reader);
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
            [.. root.Elements("object").Select(Object)]);
    }

    private static VocObject Object(XElement element)
    {
        XElement? box = element.Element("bndbox");
        XElement?[] corners = [box?.Element("xmin"), box?.Element("ymin"), box?.Element("xmax"), box?.Element("ymax")];
        return new VocObject(
            element.Element("name")?.Value,
            corners.All(corner => corner is not null),
            Number(corners[0]),
            Number(corners[1]),
            Number(corners[2]),
            Number(corners[3]),
            corners.All(corner => corner?.Value.Contains('.', StringComparison.Ordinal) != true),
            element.Element("difficult")?.Value.Trim() is "1" or "true" or "True");
    }

    private static double Number(XElement? element) =>
        double.TryParse(element?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}

/// <summary>The contents of an XML file.</summary>
internal sealed record VocFile(string? FileName, ImageSize? Size, IReadOnlyList<VocObject> Objects);

/// <summary>An <c>object</c> element; corners are 1-based and inclusive, NaN if they cannot be read.</summary>
internal sealed record VocObject(
    string? Name, bool HasBox, double XMin, double YMin, double XMax, double YMax, bool IsWhole, bool IsDifficult)
{
    /// <summary>
    /// Gets whether the corners are integers that are equal or swapped: an accidental click, not a box of one pixel. Sub-pixel boxes are
    /// written with a decimal point and may be that thin.
    /// </summary>
    public bool IsPoint => IsWhole && (XMax <= XMin || YMax <= YMin);
}
