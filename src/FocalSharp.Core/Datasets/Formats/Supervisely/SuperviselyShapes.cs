using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Supervisely;

/// <summary>Finds the boxes around the figures of Supervisely.</summary>
internal static class SuperviselyShapes
{
    public static void Add(JsonTree item, int position, RawImage image, DatasetCollector collector)
    {
        string? className = item["classTitle"].Text;
        string? type = item["geometryType"].Text ?? (item["bitmap"].IsObject ? "bitmap" : null);
        EnclosingBox box = new();
        foreach (JsonTree point in item["points"]["exterior"].Items)
        {
            box.Add(point[0].Number, point[1].Number);
        }

        switch (type)
        {
            case "rectangle" when box.Points >= 2:
                // Corners as the tool shows them; exports of its Python SDK, in whole pixels, state the last pixel instead, one less.
                collector.AddShape(image, className, box, position, null);
                break;
            case "polygon" or null when box.Points >= 3:
                collector.AddShape(image, className, box, position, "polygons");
                break;
            case "bitmap":
                AddBitmap(item["bitmap"], className, position, image, collector);
                break;
            case "line" or "point" or "graph" or "cuboid_2d" or "multichannelBitmap" or "alpha_mask":
                collector.Raw.Shapes.AddSkipped($"figures of type {type}", image.File, image.FileName, position);
                break;
            default:
                collector.Raw.Log.Add(
                    DatasetProblemKind.UnreadableAnnotation, image.File, $"a figure of type '{ProblemLog.Sanitize(type ?? "?")}' cannot be read, skipped",
                    "draw a rectangle or a polygon", image.FileName, position);
                break;
        }
    }

    // A PNG of one channel, compressed again and written as text; 'origin' is its upper left corner in the image.
    private static void AddBitmap(JsonTree bitmap, string? className, int position, RawImage image, DatasetCollector collector)
    {
        if (PngMask.TryGetBounds(bitmap["data"].Text) is { } bounds)
        {
            (double x, double y) = (bitmap["origin"][0].Number, bitmap["origin"][1].Number);
            EnclosingBox box = new();
            box.Add(x + bounds.X1, y + bounds.Y1);
            box.Add(x + bounds.X2, y + bounds.Y2);
            collector.AddShape(image, className, box, position, "masks");
            return;
        }

        collector.Raw.Log.Add(
            DatasetProblemKind.UnreadableAnnotation, image.File, "its bitmap cannot be read or is empty, skipped", "draw the object again", image.FileName, position);
    }
}
