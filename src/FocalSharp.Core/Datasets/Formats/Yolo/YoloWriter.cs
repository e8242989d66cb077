using System.Globalization;
using System.Text;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>
/// Writes <c>data.yaml</c>, <c>images/SPLIT/</c> and <c>labels/SPLIT/</c>; an image without objects gets an empty label file.
/// </summary>
internal static class YoloWriter
{
    public static string ImageFolder(DatasetSplit split) => $"images/{SplitNames.GetName(split)}";

    public static string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        AtomicBatch batch = new();
        foreach (OutputImage image in images)
        {
            string path = Path.Combine(folder, "labels", SplitNames.GetName(image.Source.Split), image.Stem + ".txt");
            batch.WriteText(path, Lines(image.Source));
        }

        batch.Flush(); // before the file that names them
        string entry = Path.Combine(folder, "data.yaml");
        AtomicFile.WriteText(entry, DataYaml(dataset, [.. images.Select(image => image.Source.Split).Distinct().Order()]));
        return entry;
    }

    private static string Lines(DatasetImage image)
    {
        StringBuilder lines = new();
        foreach (ObjectAnnotation item in image.Objects)
        {
            double cx = ((double)item.Box.X1 + item.Box.X2) / 2 / image.Width;
            double cy = ((double)item.Box.Y1 + item.Box.Y2) / 2 / image.Height;
            double width = ((double)item.Box.X2 - item.Box.X1) / image.Width;
            double height = ((double)item.Box.Y2 - item.Box.Y1) / image.Height;

            // Ten decimals are 1e-6 px in an image of 10,000.
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{item.Label} {cx:0.##########} {cy:0.##########} {width:0.##########} {height:0.##########}\n");
        }

        return lines.ToString();
    }

    private static string DataYaml(DetectionDataset dataset, DatasetSplit[] splits)
    {
        YamlMappingNode names = [];
        for (int label = 0; label < dataset.Classes.Count; label++)
        {
            names.Add(
                label.ToString(CultureInfo.InvariantCulture),
                new YamlScalarNode(dataset.Classes[label]) { Style = ScalarStyle.DoubleQuoted });
        }

        // Tools expect the keys train and val whether or not there is anything in them; ours passes over empty values.
        YamlMappingNode root = [];
        foreach (DatasetSplit split in splits.Union([DatasetSplit.Train, DatasetSplit.Val]).Order())
        {
            root.Add(SplitNames.GetName(split), new YamlScalarNode(splits.Contains(split) ? ImageFolder(split) : ""));
        }

        root.Add("nc", dataset.Classes.Count.ToString(CultureInfo.InvariantCulture));
        root.Add("names", names);
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }
}
