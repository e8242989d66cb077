using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats;

/// <summary><c>labels.txt</c>, a class name per line: preserves the order of the classes in formats that have no list of them.</summary>
internal static class ClassList
{
    private const string FileName = "labels.txt";

    // What LabelMe's own lists begin with.
    private static readonly string[] NotClasses = ["__ignore__", "_background_"];

    /// <summary>Declares the classes, if the folder has a list.</summary>
    public static void Read(DatasetSource source, DatasetCollector collector)
    {
        string list = Path.Combine(source.Folder, FileName);
        if (!source.IsFile && File.Exists(list))
        {
            _ = collector.TryRead(list, "a list of classes", () => collector.Classes.Declare(
                TextLines.Read(TextLines.Open(list, collector.Raw.Log, collector.Show(list))).Select(line => line.Line.Trim()).Where(name => !NotClasses.Contains(name))));
        }
    }

    /// <summary>Writes the list.</summary>
    public static void Write(DetectionDataset dataset, string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), string.Concat(dataset.Classes.Select(name => name + "\n")));
}
