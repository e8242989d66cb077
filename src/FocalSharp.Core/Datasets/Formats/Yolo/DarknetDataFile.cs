using System.Globalization;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>
/// Reads Darknet's <c>obj.data</c>: <c>key = value</c> lines with lists of images (<c>train</c>, <c>valid</c>, <c>test</c>) and a file of class
/// names (<c>names</c>).
/// </summary>
internal static class DarknetDataFile
{
    private const long MaxBytes = 1L << 20;
    private const int MaxClasses = 10_000;

    /// <summary>Returns the files of a folder that may be of this kind.</summary>
    public static IEnumerable<string> Candidates(string folder) =>
        new[] { folder, Path.Combine(folder, "data"), Path.Combine(folder, "cfg") }.Where(Directory.Exists)
            .SelectMany(place => Directory.EnumerateFiles(place, "*.data").Order(StringComparer.Ordinal));

    /// <summary>Returns the contents, or null if the file is of another kind.</summary>
    /// <exception cref="DatasetException">The names cannot be read.</exception>
    public static YoloDataFile? TryParse(string file, DatasetRoot root)
    {
        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (string line in BoundedText.ReadLines(file, MaxBytes))
            {
                string[] parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
                if (parts is [{ Length: > 0 } key, { Length: > 0 } value] && !key.StartsWith('#'))
                {
                    values.TryAdd(key, value);
                }
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        // The value of 'eval' is a kind of metric.
        YoloSource[] sources =
        [
            .. from pair in values
               let split = YoloDataFile.GetSplit(pair.Key)
               where split is not null && !pair.Key.Equals("eval", StringComparison.OrdinalIgnoreCase)
               select new YoloSource(split.Value, pair.Value) { Name = pair.Key },
        ];
        if (sources.Length == 0)
        {
            return null;
        }

        string[] names = values.TryGetValue("names", out string? list) ? ReadNames(file, list, root) : [];
        return names.Length == 0 && int.TryParse(values.GetValueOrDefault("classes"), CultureInfo.InvariantCulture, out int count) && count is > 0 and <= MaxClasses
            ? new YoloDataFile(null, sources, YoloDataFile.GetNumberedNames(count))
            : new YoloDataFile(null, sources, names);
    }

    private static string[] ReadNames(string file, string list, DatasetRoot root)
    {
        if (root.FindExisting(list, Path.GetDirectoryName(file)!) is not { } path || !File.Exists(path))
        {
            return [];
        }

        try
        {
            return [.. ClassNameParser.FromLines(BoundedText.ReadLines(path))];
        }
        catch (InvalidDataException exception)
        {
            throw new DatasetException($"{path}: {exception.Message}. Write one class name per line.", exception) { Path = path };
        }
    }
}
