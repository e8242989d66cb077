using System.Text.Json;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.LabelMe;

/// <summary>Reads LabelMe: shapes in continuous pixel coordinates.</summary>
internal static class LabelMeReader
{
    private static readonly string[] NotClasses = ["__ignore__", "_background_"];

    public static RawDataset? TryRead(DatasetSource source)
    {
        IReadOnlyList<string> files = source.GetJsonFiles(IsLabelMe);
        if (files.Count == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "shape" });
        ClassList.Read(source, collector);
        foreach (string file in files)
        {
            _ = collector.TryRead(file, "LabelMe JSON", () => ReadFile(file, collector));
        }

        return collector.Complete();
    }

    private static bool IsLabelMe(JsonSignature signature) =>
        signature is { IsArray: false } && signature.Has("shapes") && (signature.Has("imagePath") || signature.Has("imageHeight"));

    private static void ReadFile(string file, DatasetCollector collector)
    {
        Dictionary<string, JsonTree> root = ReadRoot(file, collector, out bool isEmbedded);
        if (!root.TryGetValue("shapes", out JsonTree shapes) || !shapes.IsArray)
        {
            if (root.ContainsKey("imagePath") || root.ContainsKey("shapes"))
            {
                throw new InvalidDataException("'shapes' is not a list");
            }

            return; // JSON of another kind beside the annotations
        }

        string? name = root.GetValueOrDefault("imagePath").Text;
        string stem = Path.GetFileNameWithoutExtension(file);
        ImageSize? size = ImageSize.From(root.GetValueOrDefault("imageWidth").Number, root.GetValueOrDefault("imageHeight").Number);
        bool hasName = !string.IsNullOrWhiteSpace(name) && !Path.GetExtension(name).Equals(".json", StringComparison.OrdinalIgnoreCase);

        // Where both were renamed, the image beside the file has its name.
        string? beside = hasName && ImageFiles.FindByStem(Path.GetDirectoryName(file)!, stem) is { } found ? Path.GetFileName(found) : null;
        beside = beside == name ? null : beside;
        if (collector.AddImage(file, hasName ? name! : stem, size, alternative: beside, byStem: !hasName, isEmbedded: isEmbedded) is not { } image)
        {
            return;
        }

        if (beside is not null && Path.GetFileName(image.Path) == beside)
        {
            collector.Report(
                DatasetProblemKind.NonStandard, file, $"'imagePath' is '{ProblemLog.Sanitize(name!)}', which does not exist; the image of the file's own name is used",
                "check that it is the annotated image", image.FileName);
        }

        for (int i = 0; i < shapes.Items.Count; i++)
        {
            AddShape(shapes.Items[i], i, file, image, collector);
        }
    }

    // The image itself may be embedded in the file; it is skipped.
    private static Dictionary<string, JsonTree> ReadRoot(string file, DatasetCollector collector, out bool isEmbedded)
    {
        isEmbedded = false;
        using Stream stream = JsonFile.Open(file, collector.Raw.Log, collector.Show(file));
        JsonTokenStream json = new(stream);
        Dictionary<string, JsonTree> root = new(StringComparer.Ordinal);
        json.Next();
        if (json.Type != JsonTokenType.StartObject)
        {
            return root;
        }

        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            string name = json.ReadName();
            json.Next();
            if (name is "shapes" or "imagePath" or "imageWidth" or "imageHeight")
            {
                root[name] = JsonTree.Read(ref json);
            }
            else
            {
                isEmbedded |= name == "imageData" && json.Type == JsonTokenType.String;
                json.Skip();
            }
        }

        return root;
    }

    private static void AddShape(JsonTree shape, int position, string file, RawImage image, DatasetCollector collector)
    {
        string? className = shape["label"].Text;
        if (NotClasses.Contains(className))
        {
            return;
        }

        IReadOnlyList<JsonTree> points = shape["points"].Items;
        EnclosingBox box = new();
        foreach (JsonTree point in points)
        {
            box.Add(point[0].Number, point[1].Number);
        }

        string type = shape["shape_type"].Text ?? "polygon";
        string? converted = null;
        switch (type)
        {
            case "rectangle" when points.Count >= 2:
                break;
            case "rotation" when points.Count >= 3:
                converted = IsUpright(points) ? null : "rotated boxes";
                break;
            case "polygon" when points.Count >= 3:
                converted = "polygons";
                break;
            case "circle" when points.Count == 2:
                (double x, double y) = (points[0][0].Number, points[0][1].Number);
                double radius = Math.Sqrt(Math.Pow(points[1][0].Number - x, 2) + Math.Pow(points[1][1].Number - y, 2));
                (box, converted) = (EnclosingBox.FromEllipse(x, y, radius, radius, 0), "circles");
                break;
            case "mask" when points.Count == 2:
                // The points are the first and the last pixel of the mask.
                box.Add(box.X2 + 1, box.Y2 + 1);
                converted = "masks";
                break;
            case "line" or "linestrip" or "point" or "points":
                collector.Raw.Shapes.AddSkipped("lines and points", image.File, image.FileName, position);
                return;
            default:
                collector.Report(
                    DatasetProblemKind.UnreadableAnnotation, file, $"a shape of type '{ProblemLog.Sanitize(type)}' with {points.Count} points is not known, skipped",
                    "draw a rectangle or a polygon", image.FileName, position);
                return;
        }

        collector.AddShape(image, className, box, position, converted, isDifficult: shape["difficult"].IsTrue || shape["flags"]["difficult"].IsTrue);
    }

    private static bool IsUpright(IReadOnlyList<JsonTree> points) =>
        points.Select(point => point[0].Number).Distinct().Count() == 2 && points.Select(point => point[1].Number).Distinct().Count() == 2;
}
