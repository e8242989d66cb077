using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.LabelStudio;

/// <summary>Adds the regions of tasks. Coordinates are percent of the image; rotations are clockwise around the upper left corner.</summary>
internal sealed class LabelStudioRegions(DatasetCollector collector)
{
    private readonly Dictionary<RawImage, int> _positions = [];
    private int _predicted;
    private int _repeated;

    /// <summary>Adds the regions of an annotation.</summary>
    /// <param name="image">The image.</param>
    /// <param name="result">The list of regions.</param>
    /// <param name="annotations">The number of annotations of the task.</param>
    public void Add(RawImage image, JsonTree result, int annotations = 1)
    {
        _repeated += annotations > 1 ? 1 : 0;

        // With separate controls for boxes and labels, a region is two entries with one id; the one with labels has the box, too.
        HashSet<string> labeled = [.. result.Items.Where(region => GetLabel(region["value"]) is not null).Select(region => region["id"].Text).OfType<string>()];
        foreach (JsonTree region in result.Items)
        {
            bool twin = GetLabel(region["value"]) is null && region["id"].Text is { } id && labeled.Contains(id);
            if (!twin && IsShape(region["value"]))
            {
                AddRegion(image, region["value"], region["original_width"].Number, region["original_height"].Number);
            }
        }
    }

    /// <summary>Adds the predictions of a task without annotations.</summary>
    public void AddPredictions(RawImage image, JsonTree result)
    {
        _predicted += result.Items.Count > 0 ? 1 : 0;
        Add(image, result);
    }

    /// <summary>Adds the regions of a task of JSON-MIN, which are in members named by the user.</summary>
    public void AddMinimal(RawImage image, JsonTree task)
    {
        foreach (JsonTree region in task.Members.Values.SelectMany(member => member.Items).Where(IsShape))
        {
            AddRegion(image, region, region["original_width"].Number, region["original_height"].Number);
        }
    }

    /// <summary>Returns whether a value is a region of JSON-MIN: a shape with the labels of Label Studio's controls or the size of the image.</summary>
    public static bool IsMinimal(JsonTree value) => IsShape(value) && (GetLabel(value) is not null || value["original_width"].Exists);

    /// <summary>Reports what was chosen.</summary>
    public void Complete(string file)
    {
        if (_predicted > 0)
        {
            collector.Report(
                DatasetProblemKind.NonStandard, file, $"{_predicted} tasks have predictions but no annotations; the predictions were read as objects",
                "annotate the tasks if these are predictions of a model");
        }

        if (_repeated > 0)
        {
            collector.Report(
                DatasetProblemKind.NonStandard, file, $"{_repeated} tasks have several annotations; the ground truth, or else the first, was read",
                "mark one of them as ground truth to choose it");
        }
    }

    private static bool IsShape(JsonTree value) =>
        value["x"].Exists || value["points"].IsArray || value["rle"].IsArray || value["vertices"].IsArray;

    private static string? GetLabel(JsonTree value) => value.Members
        .Where(member => member.Key.EndsWith("labels", StringComparison.Ordinal) && member.Value.IsArray).Select(member => member.Value[0].Text).FirstOrDefault();

    private void AddRegion(RawImage image, JsonTree value, double width, double height)
    {
        int position = _positions[image] = _positions.GetValueOrDefault(image, -1) + 1;
        ImageSize? size = ImageSize.From(width, height) ?? ImageHeader.TryReadInfo(image.Path)?.DisplaySize;
        if (size is not { } known)
        {
            collector.Raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation, image.File, "the region states no image size, and the image cannot be read, skipped",
                "add the image", image.FileName, position);
            return;
        }

        (double scaleX, double scaleY) = (known.Width / 100.0, known.Height / 100.0);
        (double x, double y) = (value["x"].Number * scaleX, value["y"].Number * scaleY);
        double degrees = value["rotation"].Exists ? value["rotation"].Number : 0;
        EnclosingBox box = new();
        string? converted = null;
        if (value["rle"].IsArray)
        {
            if (LabelStudioMask.TryGetBox(value["rle"].Items, known) is not { } mask)
            {
                collector.Raw.Log.Add(
                    DatasetProblemKind.UnreadableAnnotation, image.File, "its mask cannot be read or is empty, skipped", "draw the object again", image.FileName, position);
                return;
            }

            (box, converted) = (mask, "masks");
        }
        else if (value["points"].IsArray || value["vertices"].IsArray)
        {
            foreach (JsonTree point in value["points"].Items.Concat(value["vertices"].Items))
            {
                box.Add((point.IsArray ? point[0] : point["x"]).Number * scaleX, (point.IsArray ? point[1] : point["y"]).Number * scaleY);
            }

            converted = "polygons";
        }
        else if (value["radiusX"].Exists)
        {
            box = EnclosingBox.FromEllipse(x, y, value["radiusX"].Number * scaleX, value["radiusY"].Number * scaleY, degrees);
            converted = "ellipses";
        }
        else if (!value["height"].Exists || value["keypointlabels"].Exists)
        {
            collector.Raw.Shapes.AddSkipped("lines and points", image.File, image.FileName, position);
            return;
        }
        else
        {
            box = EnclosingBox.FromRotatedRectangle(x, y, value["width"].Number * scaleX, value["height"].Number * scaleY, degrees, x, y);
            converted = degrees % 360 == 0 ? null : "rotated boxes";
        }

        collector.AddShape(image, GetLabel(value), box, position, converted);
    }
}
