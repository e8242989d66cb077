using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Via;

/// <summary>VGG Image Annotator: projects and annotations as JSON, and annotations as CSV, of versions 1 and 2, and projects of version 3.</summary>
internal sealed class ViaFormat : ReadOnlyFormat
{
    public override string Name => "via";

    public override string DisplayName => "VIA";

    public override string SearchDescription =>
        "a VGG Image Annotator .json with '_via_img_metadata' or with 'regions' per image, or a .csv with 'region_shape_attributes'";

    public override RawDataset? TryRead(DatasetSource source)
    {
        string[] json = [.. source.GetJsonFiles(IsVia).Where(file => source.GetSignature(file) is { } signature && IsVia(signature))];
        string[] csv = json.Length > 0 ? [] : [.. source.GetFiles(".csv").Where(IsViaTable)];
        if (json.Length + csv.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "region" });
        foreach (string file in json)
        {
            ViaRegions regions = new(file, collector);
            JsonSignature signature = source.GetSignature(file)!;
            _ = collector.TryRead(file, "VIA JSON", () =>
            {
                if (IsVersion3(signature))
                {
                    ViaVersion3.Read(file, collector, regions);
                }
                else
                {
                    ReadJson(file, signature, collector, regions);
                }
            });
            regions.Complete();
        }

        foreach (string file in csv)
        {
            ViaRegions regions = new(file, collector);
            _ = collector.TryRead(file, "VIA CSV", () => ReadTable(file, collector, regions));
            regions.Complete();
        }

        return collector.Complete();
    }

    private static bool IsVia(JsonSignature signature) => signature is { IsArray: false }
        && (signature.Has("_via_img_metadata") || IsVersion3(signature) || (signature.NestedKeys.Contains("filename") && signature.NestedKeys.Contains("regions")));

    private static bool IsVersion3(JsonSignature signature) => signature.Has("file", "view", "metadata", "attribute");

    private static bool IsViaTable(string file) =>
        CsvHeader.TryRead(file) is { } columns && columns.Contains("region_shape_attributes") && columns.Contains("filename");

    private static void ReadJson(string file, JsonSignature signature, DatasetCollector collector, ViaRegions regions)
    {
        bool isProject = signature.Has("_via_img_metadata");
        JsonElements.ReadObject(file, collector, ["_via_img_metadata"], (name, _, image) =>
        {
            if (isProject ? name == "_via_img_metadata" : image["regions"].Exists)
            {
                regions.AddImage(image);
            }
        });
    }

    private static void ReadTable(string file, DatasetCollector collector, ViaRegions regions)
    {
        using TextReader reader = TextLines.Open(file, collector.Raw.Log, collector.Show(file));
        CsvTable table = new(reader);
        while (table.Read())
        {
            regions.AddRow(table.Text("filename"), table.Text("region_shape_attributes"), table.Text("region_attributes"), table.Line);
        }
    }
}
