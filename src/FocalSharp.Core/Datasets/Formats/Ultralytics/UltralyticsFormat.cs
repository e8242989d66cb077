using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Ultralytics;

/// <summary>Ultralytics' NDJSON: a line that describes the data set, then one line per image, in fractions of the image size.</summary>
internal sealed class UltralyticsFormat : ReadOnlyFormat
{
    public override string Name => "ultralytics";

    public override string DisplayName => "Ultralytics NDJSON";

    public override string SearchDescription => "an .ndjson file whose first line has 'type': 'dataset' and 'class_names'";

    public override RawDataset? TryRead(DatasetSource source)
    {
        string[] files = [.. source.GetJsonFiles(IsUltralytics, ".ndjson", ".jsonl").Where(file => source.GetSignature(file) is { } signature && IsUltralytics(signature))];
        if (files.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "object", IsNormalized = true, BoxLayout = BoxLayout.CenterAndSize });
        foreach (string file in files)
        {
            string[] classes = [];
            _ = collector.TryRead(file, "Ultralytics NDJSON", () => JsonElements.ReadLines(file, collector, (line, _) =>
            {
                if (line["type"].Text == "dataset")
                {
                    classes = GetClasses(line["class_names"]);
                    collector.Classes.Declare(classes);
                }
                else if (line["type"].Text == "image")
                {
                    ReadImage(line, file, classes, collector);
                }
            }));
        }

        return collector.Complete();
    }

    private static bool IsUltralytics(JsonSignature signature) => signature is { IsArray: false } && signature.Has("type", "class_names");

    private static string[] GetClasses(JsonTree names)
    {
        if (names.IsArray)
        {
            return [.. names.Items.Select((name, index) => name.Text ?? $"class{index}")];
        }

        int count = names.Members.Keys.Select(key => int.TryParse(key, out int index) ? index + 1 : 0).DefaultIfEmpty().Max();
        return count > names.Members.Count + 1000
            ? throw new InvalidDataException($"'class_names' lists {names.Members.Count} classes, but its highest index is {count - 1}")
            : [.. Enumerable.Range(0, count).Select(index => names[index.ToString(System.Globalization.CultureInfo.InvariantCulture)].Text ?? $"class{index}")];
    }

    private static void ReadImage(JsonTree line, string file, string[] classes, DatasetCollector collector)
    {
        DatasetSplit split = SplitNames.FromName(line["split"].Text ?? "");
        ImageSize? size = ImageSize.From(line["width"].Number, line["height"].Number);
        if (collector.AddImage(file, line["file"].Text ?? line["url"].Text, size, split == DatasetSplit.Unassigned ? null : split) is not { } image)
        {
            return;
        }

        int position = 0;
        JsonTree annotations = line["annotations"];
        foreach (JsonTree row in annotations["boxes"].Items.Concat(annotations["bboxes"].Items))
        {
            AddBox(row, null);
        }

        foreach (JsonTree row in annotations["pose"].Items)
        {
            AddBox(row, "poses");
        }

        foreach ((string key, string shapes) in new[] { ("segments", "polygons"), ("obb", "rotated boxes") })
        {
            foreach (JsonTree row in annotations[key].Items)
            {
                EnclosingBox box = new();
                for (int i = 1; i + 1 < row.Items.Count; i += 2)
                {
                    box.Add(row[i].Number, row[i + 1].Number);
                }

                Add(row, box, shapes);
            }
        }

        void AddBox(JsonTree row, string? shapes)
        {
            (double x, double y, double width, double height) = (row[1].Number, row[2].Number, row[3].Number, row[4].Number);
            EnclosingBox box = new();
            box.Add(x - (width / 2), y - (height / 2));
            box.Add(x + (width / 2), y + (height / 2));
            Add(row, box, shapes);
        }

        void Add(JsonTree row, in EnclosingBox box, string? shapes)
        {
            double label = row[0].Number;
            if (label >= 0 && label < classes.Length && Math.Floor(label) == label)
            {
                collector.AddShape(image, classes[(int)label], box, position, shapes);
            }
            else
            {
                collector.Report(
                    DatasetProblemKind.UnknownCategory, file, $"class {ProblemLog.Sanitize(row[0].Text ?? "?")} is not among the {classes.Length} classes, skipped",
                    "correct the class or add its name to 'class_names'", image.FileName, position);
            }

            position++;
        }
    }
}
