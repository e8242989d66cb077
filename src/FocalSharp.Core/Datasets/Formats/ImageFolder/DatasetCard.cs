using FocalSharp.Datasets.Files;
using FocalSharp.IO;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Datasets.Formats.ImageFolder;

/// <summary>The header of Hugging Face's <c>README.md</c>, whose <c>class_label</c> lists the names of numbered categories.</summary>
internal static class DatasetCard
{
    private const long MaxBytes = 4L << 20;

    /// <summary>Returns the names; empty if there are none.</summary>
    public static IReadOnlyList<string> ReadClassNames(string folder)
    {
        string path = Path.Combine(folder, "README.md");
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            string[] parts = BoundedText.ReadText(path, MaxBytes).ReplaceLineEndings("\n").Split("---\n", 3);
            return parts.Length == 3 && parts[0].Trim().Length == 0 && BoundedYaml.ParseRoot(parts[1]) is { } root ? Find(root) : [];
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> Find(YamlNode node) => node switch
    {
        YamlMappingNode map when Child(map, "class_label") is YamlMappingNode label && Child(label, "names") is YamlMappingNode names =>
            [.. names.Children.Select(pair => (Key: pair.Key.ToString(), Name: pair.Value.ToString())).OrderBy(pair => int.TryParse(pair.Key, out int index) ? index : int.MaxValue).Select(pair => pair.Name)],
        YamlMappingNode map => map.Children.Values.Select(Find).FirstOrDefault(names => names.Count > 0) ?? [],
        YamlSequenceNode list => list.Children.Select(Find).FirstOrDefault(names => names.Count > 0) ?? [],
        _ => [],
    };

    private static YamlNode? Child(YamlMappingNode map, string key) =>
        map.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode scalar && scalar.Value == key).Value;
}
