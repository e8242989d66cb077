using System.Text.Json;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.ImageFolder;

/// <summary>
/// Hugging Face's image folder: <c>metadata.jsonl</c> or <c>metadata.csv</c> with <c>file_name</c> and <c>objects</c>, whose boxes are COCO's.
/// </summary>
internal sealed class ImageFolderFormat : ReadOnlyFormat
{
    private static readonly string[] ObjectKeys = ["objects", "annotations", "object"];
    private static readonly string[] BoxKeys = ["bbox", "bboxes", "boxes", "box"];
    private static readonly string[] ClassKeys = ["categories", "category", "labels", "label", "class", "classes", "category_id", "class_label", "name"];

    public override string Name => "imagefolder";

    public override string DisplayName => "Hugging Face image folder";

    public override string SearchDescription => "a metadata.jsonl or metadata.csv with 'file_name' and 'objects', beside the images";

    public override RawDataset? TryRead(DatasetSource source)
    {
        string[] lines = [.. source.GetJsonFiles(IsMetadata, ".jsonl", ".ndjson").Where(file => source.GetSignature(file) is { } signature && IsMetadata(signature))];
        string[] tables = [.. source.GetFiles(".csv").Where(IsMetadataTable)];
        if (lines.Length + tables.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "object", BoxLayout = BoxLayout.CornerAndSize });
        IReadOnlyList<string> names = DatasetCard.ReadClassNames(source.Folder);
        collector.Classes.Declare(names);
        foreach (string file in lines)
        {
            _ = collector.TryRead(file, "JSON lines", () => JsonElements.ReadLines(file, collector, (line, _) =>
                AddImage(file, line["file_name"].Text, ObjectKeys.Select(key => line[key]).FirstOrDefault(value => value.Exists), names, collector)));
        }

        foreach (string file in tables)
        {
            _ = collector.TryRead(file, "CSV", () => ReadTable(file, names, collector));
        }

        return collector.Complete();
    }

    private static bool IsMetadata(JsonSignature signature) => signature.Has("file_name") && ObjectKeys.Any(signature.Keys.Contains);

    private static bool IsMetadataTable(string file) =>
        CsvHeader.TryRead(file) is { } columns && columns.Contains("file_name") && ObjectKeys.Any(columns.Contains);

    private static void ReadTable(string file, IReadOnlyList<string> names, DatasetCollector collector)
    {
        using TextReader reader = TextLines.Open(file, collector.Raw.Log, collector.Show(file));
        CsvTable table = new(reader);
        string column = table.Find(ObjectKeys)!;
        while (table.Read())
        {
            string text = table.Text(column).Trim();
            try
            {
                AddImage(file, table.Text("file_name"), JsonTree.Parse(text.Length == 0 ? "{}" : text), names, collector);
            }
            catch (JsonException)
            {
                // Written by Python, whose strings have single quotes.
                AddImage(file, table.Text("file_name"), JsonTree.Parse(text.Replace('\'', '"')), names, collector);
            }
        }
    }

    // {"bbox": [[x, y, width, height], …], "categories": [0, …]}, or a list of {"bbox": […], "category": 0}.
    private static void AddImage(string file, string? name, JsonTree objects, IReadOnlyList<string> names, DatasetCollector collector)
    {
        if (collector.AddImage(file, name) is not { } image)
        {
            return;
        }

        if (objects.IsArray)
        {
            for (int i = 0; i < objects.Items.Count; i++)
            {
                AddBox(image, Find(objects[i], BoxKeys), Find(objects[i], ClassKeys), i, names, collector);
            }

            return;
        }

        (JsonTree boxes, JsonTree classes) = (Find(objects, BoxKeys), Find(objects, ClassKeys));
        if (boxes.Items.Count > 0 && classes.Items.Count != boxes.Items.Count)
        {
            collector.Report(
                DatasetProblemKind.UnreadableAnnotation, file, $"it has {boxes.Items.Count} boxes but {classes.Items.Count} categories; those without one are skipped",
                "write one category per box", image.FileName);
        }

        for (int i = 0; i < boxes.Items.Count; i++)
        {
            AddBox(image, boxes[i], classes[i], i, names, collector);
        }
    }

    private static JsonTree Find(JsonTree value, string[] keys) => keys.Select(key => value[key]).FirstOrDefault(found => found.Exists);

    private static void AddBox(RawImage image, JsonTree at, JsonTree category, int position, IReadOnlyList<string> names, DatasetCollector collector)
    {
        (double x, double y) = (at[0].Number, at[1].Number);
        string? className = category.IsString ? category.Text
            : category.Number is >= 0 and < 100_000 and var index && Math.Floor(index) == index ? index < names.Count ? names[(int)index] : $"class{index}"
            : null;
        collector.AddBox(image, className, (x, y, x + at[2].Number, y + at[3].Number), position);
    }
}
