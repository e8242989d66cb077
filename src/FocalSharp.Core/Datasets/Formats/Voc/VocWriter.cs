using System.Globalization;
using System.Xml;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>
/// Writes <c>Annotations/</c>, <c>ImageSets/Main/</c> and <c>labels.txt</c>, which preserves the order of the classes.
/// </summary>
internal static class VocWriter
{
    private static readonly XmlWriterSettings Settings =
        new() { Indent = true, OmitXmlDeclaration = true, CheckCharacters = true };

    public static string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        AtomicBatch batch = new();
        foreach (OutputImage image in images)
        {
            batch.Write(Path.Combine(folder, "Annotations", image.Stem + ".xml"), stream => Write(dataset, image, stream));
        }

        batch.Flush(); // before the lists that refer to them
        foreach (DatasetSplit split in SplitNames.Named)
        {
            WriteList(images, folder, SplitNames.GetName(split), [split]);
        }

        WriteList(images, folder, "trainval", [DatasetSplit.Train, DatasetSplit.Val]);
        AtomicFile.WriteText(
            Path.Combine(folder, "labels.txt"), string.Concat(dataset.Classes.Select(name => Text(name) + "\n")));
        return folder;
    }

    private static void WriteList(IReadOnlyList<OutputImage> images, string folder, string name, DatasetSplit[] splits)
    {
        string[] ids = [.. images.Where(image => splits.Contains(image.Source.Split)).Select(image => image.Stem + "\n")];
        if (ids.Length > 0)
        {
            AtomicFile.WriteText(Path.Combine(folder, "ImageSets", "Main", name + ".txt"), string.Concat(ids));
        }
    }

    private static void Write(DetectionDataset dataset, OutputImage image, Stream stream)
    {
        using XmlWriter xml = XmlWriter.Create(stream, Settings);
        xml.WriteStartElement("annotation");
        xml.WriteElementString("folder", "JPEGImages");
        xml.WriteElementString("filename", Text(image.Name));
        xml.WriteStartElement("size");
        xml.WriteElementString("width", image.Source.Width.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("height", image.Source.Height.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("depth", "3");
        xml.WriteEndElement();
        xml.WriteElementString("segmented", "0");
        foreach (ObjectAnnotation item in image.Source.Objects)
        {
            Write(dataset.Classes[item.Label], item, xml);
        }

        xml.WriteEndElement();
    }

    private static void Write(string name, ObjectAnnotation item, XmlWriter xml)
    {
        double xMin = item.Box.X1 + 1.0;
        double yMin = item.Box.Y1 + 1.0;

        // At a width of one pixel xmin equals xmax, which in integers means an accidental click; a decimal point distinguishes the two.
        bool thin = item.Box.X2 <= xMin || item.Box.Y2 <= yMin;
        xml.WriteStartElement("object");
        xml.WriteElementString("name", Text(name));
        xml.WriteElementString("pose", "Unspecified");
        xml.WriteElementString("truncated", "0");
        xml.WriteElementString("difficult", item.IsDifficult ? "1" : "0");
        xml.WriteStartElement("bndbox");
        xml.WriteElementString("xmin", Number(xMin, thin));
        xml.WriteElementString("ymin", Number(yMin, thin));
        xml.WriteElementString("xmax", Number(item.Box.X2, thin));
        xml.WriteElementString("ymax", Number(item.Box.Y2, thin));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // XML cannot represent some Unicode characters.
    private static string Text(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "_" : rune.ToString()));

    private static string Number(double value, bool decimals) =>
        value.ToString(decimals ? "0.0#####" : "0.######", CultureInfo.InvariantCulture);
}
