using System.Globalization;
using System.Text;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>
/// Writes <c>data.yaml</c> and <c>labels/SPLIT/</c>; an image without objects gets an empty label file.
/// </summary>
internal static class YoloWriter
{
    public static string Write(
        DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder, Func<DatasetSplit, string> imageFolder)
    {
        AtomicBatch batch = new();
        foreach (OutputImage image in images)
        {
            string path = Path.Combine(folder, "labels", SplitNames.GetName(image.Source.Split), image.Stem + ".txt");
            batch.WriteText(path, Lines(image.Source));
        }

        batch.Flush(); // before the file that refers to them
        string entry = Path.Combine(folder, "data.yaml");
        AtomicFile.WriteText(entry, DataYaml(dataset, [.. images.Select(image => image.Source.Split).Distinct().Order()], imageFolder));
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

    private static string DataYaml(DetectionDataset dataset, DatasetSplit[] splits, Func<DatasetSplit, string> imageFolder)
    {
        YamlMappingNode names = [];
        for (int label = 0; label < dataset.Classes.Count; label++)
        {
            names.Add(
                label.ToString(CultureInfo.InvariantCulture),
                new YamlScalarNode(dataset.Classes[label]) { Style = ScalarStyle.DoubleQuoted });
        }

        // Other tools require the keys train and val even when they are empty; our reader skips empty values.
        YamlMappingNode root = [];
        foreach (DatasetSplit split in splits.Union([DatasetSplit.Train, DatasetSplit.Val]).Order())
        {
            root.Add(SplitNames.GetName(split), new YamlScalarNode(splits.Contains(split) ? imageFolder(split) : ""));
        }

        root.Add("nc", dataset.Classes.Count.ToString(CultureInfo.InvariantCulture));
        root.Add("names", names);
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }
}
