namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>Finds the files that describe a YOLO data set.</summary>
internal static class YoloLayout
{
    private static readonly string[] Preferred = ["data.yaml", "data.yml", "dataset.yaml", "dataset.yml"];

    /// <summary>Returns the YAML files of a folder that may describe a data set, most likely first.</summary>
    public static IEnumerable<string> Candidates(string folder)
    {
        string[] preferred = [.. Preferred.Select(name => Path.Combine(folder, name)).Where(File.Exists)];
        return preferred.Concat(Directory.EnumerateFiles(folder, "*.y*ml").Order(StringComparer.Ordinal)).Distinct();
    }
}
