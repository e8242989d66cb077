using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Labelbox;

/// <summary>Labelbox: NDJSON of the current export, and the JSON list of the former one.</summary>
internal sealed class LabelboxFormat : ReadOnlyFormat
{
    public override string Name => "labelbox";

    public override string DisplayName => "Labelbox";

    public override string SearchDescription => "a Labelbox .ndjson with 'data_row' and 'projects', or a .json list with 'Labeled Data' and 'Label'";

    public override RawDataset? TryRead(DatasetSource source)
    {
        IReadOnlyList<string> files = source.GetJsonFiles(IsLabelbox, ".ndjson", ".jsonl", ".json");
        if (files.Count == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "object" });
        foreach (string file in files)
        {
            if (source.GetSignature(file) is not { } signature || !IsLabelbox(signature))
            {
                continue;
            }

            _ = collector.TryRead(file, "Labelbox JSON", () =>
            {
                if (signature.IsArray)
                {
                    JsonElements.ReadArray(file, collector, entry => ReadRow(entry, file, collector));
                }
                else
                {
                    JsonElements.ReadLines(file, collector, (entry, _) => ReadRow(entry, file, collector));
                }
            });
        }

        return collector.Complete();
    }

    private static bool IsLabelbox(JsonSignature signature) =>
        signature.Has("data_row", "projects") || (signature.IsArray && signature.Has("Labeled Data", "Label"));

    private static void ReadRow(JsonTree row, string file, DatasetCollector collector)
    {
        JsonTree data = row["data_row"];
        bool former = !data.Exists;
        string? address = former ? row["Labeled Data"].Text : data["row_data"].Text;
        string? name = former ? row["External ID"].Text : data["external_id"].Text ?? data["global_key"].Text;
        JsonTree media = row["media_attributes"];
        ImageSize? size = ImageSize.From(media["width"].Number, media["height"].Number);
        if (collector.AddImage(file, name ?? address, size, GetStatedSplit(data), alternative: address ?? "") is not { } image)
        {
            return;
        }

        IEnumerable<JsonTree> labels = former
            ? [row["Label"]]
            : row["projects"].Members.Values.Select(project => project["labels"][0]["annotations"]);
        int position = 0;
        foreach (JsonTree item in labels.SelectMany(label => label["objects"].Items))
        {
            AddObject(item, position++, image, collector);
        }
    }

    private static DatasetSplit? GetStatedSplit(JsonTree data) =>
        data["details"]["split"].Text is { } text && SplitNames.FromName(text) is var split and not DatasetSplit.Unassigned ? split : null;

    private static void AddObject(JsonTree item, int position, RawImage image, DatasetCollector collector)
    {
        string? className = item["name"].Text ?? item["title"].Text ?? item["value"].Text;
        JsonTree rectangle = item["bounding_box"].IsObject ? item["bounding_box"] : item["bbox"];
        JsonTree polygon = item["polygon"];
        EnclosingBox box = new();
        if (rectangle.IsObject)
        {
            (double left, double top) = (rectangle["left"].Number, rectangle["top"].Number);
            collector.AddBox(image, className, (left, top, left + rectangle["width"].Number, top + rectangle["height"].Number), position);
        }
        else if (polygon.Items.Count >= 3)
        {
            foreach (JsonTree point in polygon.Items)
            {
                box.Add(point["x"].Number, point["y"].Number);
            }

            collector.AddShape(image, className, box, position, "polygons");
        }
        else if (item["mask"].Exists || item["composite_mask"].Exists || item["instanceURI"].Exists)
        {
            collector.Raw.Shapes.AddSkipped("masks (which Labelbox stores on its server, not in the export)", image.File, image.FileName, position);
        }
        else
        {
            collector.Raw.Shapes.AddSkipped("lines and points", image.File, image.FileName, position);
        }
    }
}
