using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Cvat;

/// <summary>Reads CVAT's XML one image or track at a time.</summary>
internal static class CvatReader
{
    // A project of a million shapes; only one element is in memory.
    private const long MaxCharacters = 4L << 30;
    private const int MaxProbedFiles = 40;

    public static RawDataset? TryRead(DatasetSource source)
    {
        IReadOnlyList<string> candidates = source.GetFiles(".xml");
        string[] files = candidates.Take(MaxProbedFiles).Any(IsCvat) ? [.. candidates.Where(IsCvat)] : [];
        if (files.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "shape" });
        foreach (string file in files)
        {
            CvatTracks tracks = new(file, source, collector);
            _ = collector.TryRead(file, "CVAT XML", () => ReadFile(file, collector, tracks));
            tracks.Complete();
        }

        return collector.Complete();
    }

    private static bool IsCvat(string file) => BoundedXml.TryGetRootName(file) == "annotations";

    private static void ReadFile(string file, DatasetCollector collector, CvatTracks tracks)
    {
        XmlReaderSettings settings = BoundedXml.Settings.Clone();
        settings.MaxCharactersInDocument = MaxCharacters;
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        using XmlReader reader = XmlReader.Create(stream, settings);
        _ = reader.MoveToContent();
        _ = reader.Read();
        while (!reader.EOF)
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != 1)
            {
                _ = reader.Read();
                continue;
            }

            switch (reader.LocalName)
            {
                case "meta":
                    ReadMeta((XElement)XNode.ReadFrom(reader), collector, tracks);
                    break;
                case "image":
                    ReadImage((XElement)XNode.ReadFrom(reader), file, collector);
                    break;
                case "track":
                    tracks.Add((XElement)XNode.ReadFrom(reader));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    // The points of a skeleton have labels of their own, with a parent.
    private static void ReadMeta(XElement meta, DatasetCollector collector, CvatTracks tracks)
    {
        collector.Classes.Declare(meta.Descendants("label").Where(label => label.Element("parent") is null && label.Element("name") is not null)
            .Select(label => label.Element("name")!.Value));
        if (meta.Descendants("original_size").FirstOrDefault() is { } size)
        {
            tracks.Size = ImageSize.From(Number(size.Element("width")?.Value), Number(size.Element("height")?.Value));
        }

        XElement? task = meta.Element("task") ?? meta.Element("job");
        tracks.FrameCount = GetFrame("size");
        tracks.LastFrame = GetFrame("stop_frame");

        int GetFrame(string name) => Number(task?.Element(name)?.Value) is >= 0 and < CvatTracks.MaxFrames and var frame ? (int)frame : 0;
    }

    private static void ReadImage(XElement element, string file, DatasetCollector collector)
    {
        ImageSize? size = ImageSize.From(Number(element.Attribute("width")?.Value), Number(element.Attribute("height")?.Value));
        string? subset = element.Attribute("subset")?.Value;
        DatasetSplit split = SplitNames.FromName(subset ?? "");
        string? name = element.Attribute("name")?.Value;
        string? inSubset = string.IsNullOrEmpty(subset) || string.IsNullOrEmpty(name) ? null : $"{subset}/{name}";
        if (collector.AddImage(file, inSubset ?? name, size, split == DatasetSplit.Unassigned ? null : split, alternative: inSubset is null ? null : name) is not { } image)
        {
            return;
        }

        int position = image.Boxes.Count;
        foreach (XElement shape in element.Elements().Where(shape => shape.Name.LocalName is not ("tag" or "attribute")))
        {
            CvatShapes.Add(shape, shape.Attribute("label")?.Value, position++, image, collector);
        }
    }

    internal static double Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}
