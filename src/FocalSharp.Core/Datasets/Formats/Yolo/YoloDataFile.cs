using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>The contents of a <c>data.yaml</c>.</summary>
/// <param name="Root">The value of <c>path</c>, or null.</param>
/// <param name="Sources">The folders, image files or list files of each split.</param>
/// <param name="Names">Class names by index.</param>
internal sealed record YoloDataFile(
    string? Root, IReadOnlyList<(DatasetSplit Split, string Source)> Sources, IReadOnlyList<string> Names)
{
    private const long MaxBytes = 4L << 20;
    private const int MaxClasses = 100_000;
    private const int MaxUnnamed = 1000;

    private static readonly (string Key, DatasetSplit Split)[] Keys =
    [
        ("train", DatasetSplit.Train), ("val", DatasetSplit.Val), ("valid", DatasetSplit.Val), ("validation", DatasetSplit.Val),
        ("test", DatasetSplit.Test), ("unassigned", DatasetSplit.Unassigned),
    ];

    /// <exception cref="InvalidDataException">The file is not a valid data.yaml; the message says why.</exception>
    public static YoloDataFile Parse(string path)
    {
        YamlMappingNode root;
        try
        {
            root = BoundedYaml.ParseRoot(BoundedText.ReadText(path, MaxBytes)) as YamlMappingNode
                ?? throw new InvalidDataException("its root is not a mapping");
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"it cannot be read as YAML ({ProblemLog.Sanitize(exception.Message)})", exception);
        }

        return new YoloDataFile(Scalar(Child(root, "path")), ReadSources(root), ReadNames(Child(root, "names")));
    }

    private static List<(DatasetSplit, string)> ReadSources(YamlMappingNode root)
    {
        List<(DatasetSplit, string)> sources = [];
        foreach ((string key, DatasetSplit split) in Keys)
        {
            switch (Child(root, key))
            {
                case YamlSequenceNode list:
                    sources.AddRange(list.Children.Select(Scalar).OfType<string>().Select(source => (split, source)));
                    break;
                case { } node when Scalar(node) is { } source:
                    sources.Add((split, source));
                    break;
            }
        }

        return sources;
    }

    private static string[] ReadNames(YamlNode? node)
    {
        switch (node)
        {
            case YamlSequenceNode list:
                return [.. list.Children.Select((child, index) => ClassNameParser.Clean(Scalar(child)) ?? $"class{index}")];
            case YamlMappingNode map:
                SortedDictionary<int, string> byIndex = [];
                foreach ((YamlNode key, YamlNode value) in map.Children)
                {
                    if (!int.TryParse(Scalar(key), out int index) || index is < 0 or >= MaxClasses)
                    {
                        throw new InvalidDataException(
                            $"'names' has the key '{ProblemLog.Sanitize(Scalar(key) ?? "?")}', which is not a class index");
                    }

                    byIndex[index] = ClassNameParser.Clean(Scalar(value)) ?? $"class{index}";
                }

                // A gap in the numbering is a class without a name, so that later classes retain their index.
                int count = byIndex.Count == 0 ? 0 : byIndex.Keys.Max() + 1;
                if (count > byIndex.Count + MaxUnnamed)
                {
                    throw new InvalidDataException($"'names' lists {byIndex.Count} classes, but its highest index is {count - 1}");
                }

                return [.. Enumerable.Range(0, count).Select(index => byIndex.GetValueOrDefault(index, $"class{index}"))];
            default:
                return [];
        }
    }

    private static YamlNode? Child(YamlMappingNode root, string key) =>
        root.Children.FirstOrDefault(pair => Scalar(pair.Key) == key).Value;

    private static string? Scalar(YamlNode? node) =>
        node is YamlScalarNode { Value: { } value } scalar && !string.IsNullOrWhiteSpace(value)
            && !(scalar.Style == ScalarStyle.Plain && value is "null" or "~") ? value.Trim() : null;
}
