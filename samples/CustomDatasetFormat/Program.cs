// Adds a data set format to FocalSharp: a folder with boxes.csv, one box per line: "file,class,x1,y1,x2,y2".
// Writes a data set in the format, reads it back, converts it to COCO, and prints the images and boxes.
using System.Globalization;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

DatasetFormats.Register(new CsvFormat());
string folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;
try
{
    // A data set in memory with one image, a GIF of 48x32 pixels.
    string photo = Path.Combine(folder, "photo.gif");
    File.WriteAllBytes(photo, Convert.FromBase64String("R0lGODlhMAAgAIAAAAAAAP///ywAAAAAMAAgAAACAkQBADs="));
    DatasetImage image = new() { Id = 1, FileName = "photo.gif", Path = photo, Width = 48, Height = 32 };
    ObjectAnnotation cat = new() { Label = 0, Box = new Box(4, 5, 20, 21) };
    DetectionDataset dataset = new() { Name = "cats", Classes = ["cat"], CategoryIds = [1], Images = [image with { Objects = [cat] }] };
    DatasetWriteReport csv = DatasetWriter.Write(dataset, DatasetFormats.Get("csv"), Path.Combine(folder, "csv"));
    DetectionDataset read = DatasetReader.Read(csv.EntryPoint); // detected: no format is passed
    DatasetWriteReport coco = DatasetWriter.Write(read, DatasetFormats.Coco, Path.Combine(folder, "coco"));
    foreach (DatasetImage item in DatasetReader.Read(coco.EntryPoint).Images)
    {
        Console.WriteLine($"{item.FileName} ({item.Width}x{item.Height})");
        Console.WriteLine(string.Join('\n', item.Objects.Select(found => $"  {read.Classes[found.Label]}: {found.Box}")));
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

internal sealed class CsvFormat : IDatasetFormat
{
    public string Name => "csv";
    public string DisplayName => "CSV";
    public string SearchDescription => "boxes.csv with lines 'file,class,x1,y1,x2,y2'";
    public DatasetFeatures Features => DatasetFeatures.None; // boxes and classes only
    public string GetImageFolder(DatasetSplit split) => "images";
    public RawDataset? TryRead(DatasetSource source)
    {
        string file = source.IsFile ? source.Path : Path.Combine(source.Path, "boxes.csv");
        if (Path.GetFileName(file) != "boxes.csv" || !File.Exists(file))
        {
            return null;
        }

        string[][] lines = [.. File.ReadLines(file).Select(line => line.Split(',')).Where(parts => parts.Length == 6)];
        string[] classes = [.. lines.Select(parts => parts[1]).Distinct().Order(StringComparer.Ordinal)];
        RawDataset raw = new(Path.GetDirectoryName(file)!) { Classes = classes, BoxLayout = BoxLayout.Corners };
        foreach (IGrouping<string, string[]> group in lines.GroupBy(parts => parts[0]))
        {
            if (raw.Root.Resolve(Path.Combine(raw.Root.Folder, "images"), group.Key) is not { } path)
            {
                raw.Log.Add(DatasetProblemKind.EscapingPath, "boxes.csv", "the path leaves the folder, skipped", "correct it", group.Key);
                continue;
            }
            RawImage image = new() { File = "boxes.csv", FileName = group.Key, Path = path };
            foreach (string[] parts in group)
            {
                double[] box = [.. parts[2..].Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
                image.Boxes.Add(new() { Label = Array.IndexOf(classes, parts[1]), X1 = box[0], Y1 = box[1], X2 = box[2], Y2 = box[3], Position = image.Boxes.Count });
            }

            raw.Images.Add(image);
        }
        return raw;
    }

    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        IEnumerable<string> lines = images.SelectMany(image => image.Source.Objects.Select(item => string.Create(
            CultureInfo.InvariantCulture, $"{image.Name},{dataset.Classes[item.Label]},{item.Box.X1},{item.Box.Y1},{item.Box.X2},{item.Box.Y2}\n")));
        AtomicFile.WriteText(Path.Combine(folder, "boxes.csv"), string.Concat(lines));
        return folder;
    }
}
