using System.Globalization;
using System.Xml;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Cvat;

/// <summary>Writes <c>annotations.xml</c> (CVAT for images 1.1), with the split as the subset of each image.</summary>
internal static class CvatWriter
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true };

    public static string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        AtomicFile.Write(Path.Combine(folder, "annotations.xml"), stream =>
        {
            using XmlWriter xml = XmlWriter.Create(stream, Settings);
            xml.WriteStartElement("annotations");
            xml.WriteElementString("version", "1.1");
            WriteMeta(xml, dataset, images);
            for (int i = 0; i < images.Count; i++)
            {
                WriteImage(xml, dataset, images[i], i);
            }

            xml.WriteEndElement();
        });
        return folder;
    }

    private static void WriteMeta(XmlWriter xml, DetectionDataset dataset, IReadOnlyList<OutputImage> images)
    {
        xml.WriteStartElement("meta");
        xml.WriteStartElement("task");
        xml.WriteElementString("name", XmlText.Clean(dataset.Name));
        xml.WriteElementString("size", images.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("mode", "annotation");
        xml.WriteStartElement("labels");
        foreach (string name in dataset.Classes)
        {
            xml.WriteStartElement("label");
            xml.WriteElementString("name", XmlText.Clean(name));
            xml.WriteElementString("type", "rectangle");
            xml.WriteElementString("attributes", "");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteImage(XmlWriter xml, DetectionDataset dataset, OutputImage image, int id)
    {
        xml.WriteStartElement("image");
        xml.WriteAttributeString("id", id.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("name", XmlText.Clean(image.Name));
        xml.WriteAttributeString("subset", SplitNames.GetName(image.Source.Split));
        xml.WriteAttributeString("width", image.Source.Width.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("height", image.Source.Height.ToString(CultureInfo.InvariantCulture));
        foreach (ObjectAnnotation item in image.Source.Objects)
        {
            xml.WriteStartElement("box");
            xml.WriteAttributeString("label", XmlText.Clean(dataset.Classes[item.Label]));
            xml.WriteAttributeString("source", "manual");
            xml.WriteAttributeString("occluded", "0");
            xml.WriteAttributeString("xtl", Number(item.Box.X1));
            xml.WriteAttributeString("ytl", Number(item.Box.Y1));
            xml.WriteAttributeString("xbr", Number(item.Box.X2));
            xml.WriteAttributeString("ybr", Number(item.Box.Y2));
            xml.WriteAttributeString("z_order", "0");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Number(double value) => value.ToString("0.00####", CultureInfo.InvariantCulture);
}
