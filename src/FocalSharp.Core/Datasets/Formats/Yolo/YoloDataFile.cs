using System.Globalization;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>The contents of a <c>data.yaml</c>, or their equivalent for a data set that is described in another way.</summary>
/// <param name="Root">The value of <c>path</c>, or null.</param>
/// <param name="Sources">The folders, image files or list files of each split.</param>
/// <param name="Names">Class names by index.</param>
internal sealed record YoloDataFile(string? Root, IReadOnlyList<YoloSource> Sources, IReadOnlyList<string> Names)
{
    private const long MaxBytes = 4L << 20;
    private const int MaxClasses = 100_000;
    private const int MaxUnnamed = 1000;

    // Values of other keys are settings, addresses or scripts.
    private static readonly string[] OtherKeys =
        ["path", "names", "nc", "kpt_shape", "flip_idx", "download", "roboflow", "yaml_file", "channels", "colors", "augment", "task", "type", "kpt_names", "skeleton"];

    /// <summary>Gets the list of class names, if it is a file of its own.</summary>
    public string? NamesFile { get; init; }

    /// <summary>Gets the number of keypoints and of values for each, for pose labels; null for other labels.</summary>
    public (int Count, int Values)? KeypointShape { get; init; }

    /// <summary>Gets the keys that are none of those known, with their values.</summary>
    public IReadOnlyList<(string Key, string Value)> UnknownKeys { get; init; } = [];

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

        List<YoloSource> sources = ReadSources(root);
        return new YoloDataFile(Scalar(Child(root, "path")), sources, ReadNames(root, path))
        {
            KeypointShape = ReadKeypointShape(Child(root, "kpt_shape")),
            UnknownKeys =
            [
                .. from pair in root.Children
                   let key = Scalar(pair.Key)
                   where key is not null && GetSplit(key) is null && !OtherKeys.Contains(key, StringComparer.OrdinalIgnoreCase)
                   from value in Values(pair.Value).DefaultIfEmpty("")
                   select (key, value),
            ],
        };
    }

    /// <summary>Returns the split that a key names, or null if it names none.</summary>
    public static DatasetSplit? GetSplit(string key) => SplitNames.FromWholeName(key) switch
    {
        DatasetSplit.Unassigned => key.Equals("unassigned", StringComparison.OrdinalIgnoreCase) ? DatasetSplit.Unassigned : null,
        DatasetSplit split => split,
    };

    /// <summary>Returns names for classes that are only counted.</summary>
    public static string[] GetNumberedNames(int count) => [.. Enumerable.Range(0, count).Select(index => $"class{index}")];

    private static List<YoloSource> ReadSources(YamlMappingNode root) =>
    [
        .. from pair in root.Children
           let key = Scalar(pair.Key)
           where key is not null
           let split = GetSplit(key)
           where split is not null
           from value in Values(pair.Value)
           select new YoloSource(split.Value, value) { Name = key },
    ];

    private static IEnumerable<string> Values(YamlNode node) => node is YamlSequenceNode list
        ? list.Children.Select(Scalar).OfType<string>()
        : Scalar(node) is { } value ? [value] : [];

    private static (int, int)? ReadKeypointShape(YamlNode? node) =>
        node is YamlSequenceNode { Children: [{ } first, { } second] }
        && int.TryParse(Scalar(first), CultureInfo.InvariantCulture, out int count) && count is > 0 and < 10_000
        && int.TryParse(Scalar(second), CultureInfo.InvariantCulture, out int values) && values is 2 or 3
            ? (count, values)
            : null;

    private static IReadOnlyList<string> ReadNames(YamlMappingNode root, string path)
    {
        switch (Child(root, "names"))
        {
            case YamlSequenceNode list:
                return [.. list.Children.Select((child, index) => ClassNameParser.Clean(Scalar(child)) ?? $"class{index}")];
            case YamlMappingNode map:
                return ReadNames(map);
            case { } node when Scalar(node) is { } file && new DatasetRoot(Path.GetDirectoryName(path)!) is { } folder
                && folder.Resolve(folder.Folder, file) is { } list && File.Exists(list):
                return ClassNameParser.FromLines(BoundedText.ReadLines(list));
            default:
                return int.TryParse(Scalar(Child(root, "nc")), CultureInfo.InvariantCulture, out int count) && count is > 0 and <= MaxUnnamed
                    ? GetNumberedNames(count)
                    : [];
        }
    }

    private static string[] ReadNames(YamlMappingNode map)
    {
        SortedDictionary<int, string> byIndex = [];
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            if (!int.TryParse(Scalar(key), CultureInfo.InvariantCulture, out int index) || index is < 0 or >= MaxClasses)
            {
                throw new InvalidDataException($"'names' has the key '{ProblemLog.Sanitize(Scalar(key) ?? "?")}', which is not a class index");
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
    }

    private static YamlNode? Child(YamlMappingNode root, string key) =>
        root.Children.FirstOrDefault(pair => key.Equals(Scalar(pair.Key), StringComparison.OrdinalIgnoreCase)).Value;

    private static string? Scalar(YamlNode? node) =>
        node is YamlScalarNode { Value: { } value } scalar && !string.IsNullOrWhiteSpace(value)
            && !(scalar.Style == ScalarStyle.Plain && value is "null" or "~") ? value.Trim() : null;
}
