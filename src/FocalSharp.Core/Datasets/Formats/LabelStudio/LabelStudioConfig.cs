using System.Xml;
using System.Xml.Linq;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Formats.LabelStudio;

/// <summary>
/// The labeling configuration, an XML file beside the tasks, lists the classes in order. Exports do not contain it; the writer adds it, because
/// a project needs it before tasks can be imported.
/// </summary>
internal static class LabelStudioConfig
{
    public const string FileName = "config.xml";

    /// <summary>Reads the order of the classes, if there is a configuration.</summary>
    public static IReadOnlyList<string> TryRead(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            XElement root = BoundedXml.Load(path).Root;
            return root.Name.LocalName != "View" ? [] : [.. root.Descendants("Label").Select(label => label.Attribute("value")?.Value).OfType<string>()];
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Returns the configuration of a project with boxes of these classes.</summary>
    public static string Create(IReadOnlyList<string> classes) => new XElement(
        "View",
        new XElement("Image", new XAttribute("name", "image"), new XAttribute("value", "$image")),
        new XElement(
            "RectangleLabels",
            new XAttribute("name", "label"),
            new XAttribute("toName", "image"),
            classes.Select(name => new XElement("Label", new XAttribute("value", XmlText.Clean(name)))))) + "\n";
}
