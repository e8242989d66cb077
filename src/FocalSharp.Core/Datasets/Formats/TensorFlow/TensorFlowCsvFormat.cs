using System.Globalization;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.TensorFlow;

/// <summary>
/// The CSV of TensorFlow's object detection tutorials and of Roboflow: one line per box, corners in pixels. Also keras-retinanet's, which has the
/// columns path, x1, y1, x2, y2 and class without a header.
/// </summary>
internal sealed class TensorFlowCsvFormat : ReadOnlyFormat
{
    private static readonly string[] WithoutHeader = ["filename", "xmin", "ymin", "xmax", "ymax", "class"];
    private static readonly string[] Images = ["filename", "file_name", "image", "image_name", "image_path", "path", "img_name", "image_id", "imageid", "file"];
    private static readonly string[] Classes = ["class", "label", "class_name", "category", "name", "labelname", "label_name", "class_label"];
    private static readonly string[] Left = ["xmin", "x_min", "x1", "left"];
    private static readonly string[] Top = ["ymin", "y_min", "y1", "top"];
    private static readonly string[] Right = ["xmax", "x_max", "x2", "right"];
    private static readonly string[] Bottom = ["ymax", "y_max", "y2", "bottom"];
    private static readonly string[] X = ["x", .. Left];
    private static readonly string[] Y = ["y", .. Top];
    private static readonly string[] BoxWidth = ["w", "box_width", "bbox_width"];
    private static readonly string[] BoxHeight = ["h", "box_height", "bbox_height"];

    public override string Name => "tensorflow";

    public override string DisplayName => "TensorFlow CSV";

    public override string SearchDescription => "a .csv with the columns filename, class, xmin, ymin, xmax and ymax, such as _annotations.csv";

    // Tables of detections and statistics often lie beside annotations of another format, so in a folder they come last.
    public override RawDataset? TryRead(DatasetSource source) => source.IsFile || source.IsFormatSpecified ? ReadTables(source) : null;

    public override RawDataset? TryReadUndeclared(DatasetSource source) => ReadTables(source);

    private static RawDataset? ReadTables(DatasetSource source)
    {
        string[] files = [.. source.GetFiles(".csv").Where(file => IsBoxTable(file) || IsWithoutHeader(file))];
        if (files.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "line", BoxLayout = BoxLayout.Corners });
        foreach (string file in files)
        {
            _ = collector.TryRead(file, "CSV", () => ReadTable(file, collector));
        }

        return collector.Complete();
    }

    private static bool IsBoxTable(string file) => CsvHeader.TryRead(file) is { } columns
        && new[] { Images, Classes }.All(names => names.Any(columns.Contains))
        && (new[] { Left, Top, Right, Bottom }.All(names => names.Any(columns.Contains)) || new[] { X, Y, BoxWidth, BoxHeight }.All(names => names.Any(columns.Contains)));

    // An image and four numbers, or five empty fields for an image without objects.
    private static bool IsWithoutHeader(string file) => CsvHeader.TryRead(file) is { Count: 6 } row
        && ImageFiles.Extensions.Contains(Path.GetExtension(row[0]))
        && (row.Skip(1).All(field => field.Length == 0)
            || (row.Skip(1).Take(4).All(field => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) && row[5].Length > 0));

    private static void ReadTable(string file, DatasetCollector collector)
    {
        using TextReader reader = TextLines.Open(file, collector.Raw.Log, collector.Show(file));
        CsvTable table = new(reader, IsBoxTable(file) ? null : WithoutHeader);
        string images = table.Find(Images)!;
        string classes = table.Find(Classes)!;
        bool hasCorners = table.Find(Right) is not null && table.Find(Bottom) is not null;
        (string left, string top) = hasCorners ? (table.Find(Left)!, table.Find(Top)!) : (table.Find(X)!, table.Find(Y)!);
        (string right, string bottom) = hasCorners ? (table.Find(Right)!, table.Find(Bottom)!) : (table.Find(BoxWidth)!, table.Find(BoxHeight)!);
        while (table.Read())
        {
            string name = table.Text(images);
            ImageSize? size = ImageSize.From(table.Number("width"), table.Number("height"));
            if (collector.AddImage(file, name, size, byStem: !ImageFiles.HasImageExtension(Path.GetExtension(name))) is not { } image || IsEmpty(table, left, classes))
            {
                continue; // an image without objects has a line without a box
            }

            (double x, double y) = (table.Number(left), table.Number(top));
            collector.AddBox(
                image,
                table.Text(classes),
                hasCorners ? (x, y, table.Number(right), table.Number(bottom)) : (x, y, x + table.Number(right), y + table.Number(bottom)),
                image.Boxes.Count,
                table.Line);
        }
    }

    private static bool IsEmpty(CsvTable table, string left, string classes) => table.Text(left).Trim().Length == 0 && table.Text(classes).Trim().Length == 0;
}
