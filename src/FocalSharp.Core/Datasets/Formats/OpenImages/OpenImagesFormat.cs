using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.OpenImages;

/// <summary>Open Images' CSV of boxes, in fractions of the image size; groups are crowds.</summary>
internal sealed class OpenImagesFormat : ReadOnlyFormat
{
    private static readonly string[] Columns = ["imageid", "labelname", "xmin", "xmax", "ymin", "ymax"];

    public override string Name => "openimages";

    public override string DisplayName => "Open Images";

    public override string SearchDescription => "a .csv with the columns ImageID, LabelName, XMin, XMax, YMin and YMax";

    public override RawDataset? TryRead(DatasetSource source)
    {
        string[] files = [.. source.GetFiles(".csv").Where(file => CsvHeader.TryRead(file) is { } columns && Columns.All(columns.Contains))];
        if (files.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "line", IsNormalized = true, BoxLayout = BoxLayout.Corners });
        Dictionary<string, string> names = ReadNames(source, files, collector);
        foreach (string file in files)
        {
            _ = collector.TryRead(file, "Open Images CSV", () => ReadTable(file, names, collector));
        }

        return collector.Complete();
    }

    private static void ReadTable(string file, Dictionary<string, string> names, DatasetCollector collector)
    {
        using TextReader reader = TextLines.Open(file, collector.Raw.Log, collector.Show(file));
        CsvTable table = new(reader);
        while (table.Read())
        {
            if (collector.AddImage(file, table.Text("ImageID"), byStem: true) is { } image)
            {
                string label = table.Text("LabelName");
                collector.AddBox(
                    image,
                    names.GetValueOrDefault(label, label),
                    (table.Number("XMin"), table.Number("YMin"), table.Number("XMax"), table.Number("YMax")),
                    image.Boxes.Count,
                    table.Line,
                    isCrowd: table.Text("IsGroupOf") is "1" or "1.0");
            }
        }
    }

    // class-descriptions-boxable.csv: /m/011k07,Tortoise, without a header.
    private static Dictionary<string, string> ReadNames(DatasetSource source, string[] boxes, DatasetCollector collector)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        IEnumerable<string> lists = source.Index.Value.WithExtension(".csv").Except(boxes)
            .Where(file => CsvHeader.TryRead(file) is [{ } id, _] && (id.StartsWith("/m/", StringComparison.Ordinal) || id.StartsWith("/g/", StringComparison.Ordinal) || id == "labelname"));
        foreach (string file in lists)
        {
            _ = collector.TryRead(file, "a list of classes", () =>
            {
                foreach ((string line, _) in TextLines.Read(TextLines.Open(file, collector.Raw.Log, collector.Show(file))))
                {
                    int comma = line.IndexOf(',', StringComparison.Ordinal);
                    if (comma > 0 && line[0] == '/')
                    {
                        names.TryAdd(line[..comma].Trim(), line[(comma + 1)..].Trim().Trim('"'));
                    }
                }
            });
        }

        return names;
    }
}
