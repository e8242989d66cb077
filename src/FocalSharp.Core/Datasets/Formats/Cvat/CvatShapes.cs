using System.Xml.Linq;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Cvat;

/// <summary>Finds the boxes around CVAT's shapes: pixels, rotations clockwise around the center.</summary>
internal static class CvatShapes
{
    /// <summary>Adds a shape to an image; lines and points are counted as skipped.</summary>
    public static void Add(XElement shape, string? className, int position, RawImage image, DatasetCollector collector)
    {
        string type = shape.Name.LocalName;
        if (type is "polyline" or "points" or "cuboid" or "skeleton")
        {
            collector.Raw.Shapes.AddSkipped(GetPlural(type), image.File, image.FileName, position);
        }
        else if (type == "box" && Attribute(shape, "rotation") is 0 or double.NaN)
        {
            collector.AddBox(
                image, className, (Attribute(shape, "xtl"), Attribute(shape, "ytl"), Attribute(shape, "xbr"), Attribute(shape, "ybr")), position);
        }
        else if (TryGetBox(shape) is { } found)
        {
            collector.AddShape(image, className, found.Box, position, found.Shapes);
        }
        else
        {
            collector.Raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation, image.File, $"a shape of type '{ProblemLog.Sanitize(type)}' cannot be read, skipped",
                "export the file again", image.FileName, position);
        }
    }

    /// <summary>Returns the name of shapes that are skipped.</summary>
    public static string GetPlural(string type) => type.EndsWith('s') ? type : type + "s";

    /// <summary>Returns the box around a shape, and the shape's name in the plural if it is not an upright box.</summary>
    public static (EnclosingBox Box, string? Shapes)? TryGetBox(XElement shape)
    {
        double rotation = Attribute(shape, "rotation") is var degrees && double.IsNaN(degrees) ? 0 : degrees;
        switch (shape.Name.LocalName)
        {
            case "box":
                (double left, double top) = (Attribute(shape, "xtl"), Attribute(shape, "ytl"));
                EnclosingBox box = EnclosingBox.FromRotatedRectangle(left, top, Attribute(shape, "xbr") - left, Attribute(shape, "ybr") - top, rotation);
                return (box, rotation == 0 ? null : "rotated boxes");
            case "ellipse":
                return (EnclosingBox.FromEllipse(
                    Attribute(shape, "cx"), Attribute(shape, "cy"), Attribute(shape, "rx"), Attribute(shape, "ry"), rotation), "ellipses");
            case "polygon":
                EnclosingBox polygon = new();
                foreach (string point in (shape.Attribute("points")?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
                {
                    int comma = point.IndexOf(',', StringComparison.Ordinal);
                    polygon.Add(CvatReader.Number(comma < 0 ? null : point[..comma]), CvatReader.Number(point[(comma + 1)..]));
                }

                return polygon.Points >= 3 ? (polygon, "polygons") : null;
            case "mask":
                return Mask(shape) is { } mask ? (mask, "masks") : null;
            default:
                return null;
        }
    }

    // Runs go along the rows of the mask's own rectangle.
    private static EnclosingBox? Mask(XElement shape)
    {
        RunLengthMask mask = new(Attribute(shape, "width"), Attribute(shape, "height"));
        foreach (string run in (shape.Attribute("rle")?.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            mask.Add(CvatReader.Number(run));
        }

        if (!mask.IsValid)
        {
            return null;
        }

        EnclosingBox inner = mask.BoxByRows();
        EnclosingBox box = new();
        (double left, double top) = (Attribute(shape, "left"), Attribute(shape, "top"));
        box.Add(left + inner.X1, top + inner.Y1);
        box.Add(left + inner.X2, top + inner.Y2);
        return box;
    }

    private static double Attribute(XElement shape, string name) => CvatReader.Number(shape.Attribute(name)?.Value);
}
