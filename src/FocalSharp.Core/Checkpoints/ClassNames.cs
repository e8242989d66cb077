using System.Text.Json;
using FocalSharp.Checkpoints.Pickling;

namespace FocalSharp.Checkpoints;

/// <summary>Finds class names in metadata of weights.</summary>
internal static class ClassNames
{
    /// <summary>The metadata key of class names in safetensors files; the value is a JSON array of strings.</summary>
    public const string MetadataKey = "classes";

    /// <summary>Returns the class names in the metadata of a safetensors file, or null if it has none.</summary>
    public static IReadOnlyList<string>? FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return metadata.TryGetValue(MetadataKey, out string? json)
                ? JsonSerializer.Deserialize(json, ClassNamesJson.Default.StringArray)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the metadata value that <see cref="FromMetadata"/> reads.</summary>
    public static string ToMetadata(IEnumerable<string> classes) =>
        JsonSerializer.Serialize([.. classes], ClassNamesJson.Default.StringArray);

    /// <summary>
    /// Returns the class names in an OpenMMLab meta entry: <c>dataset_meta.classes</c> (3.x), <c>dataset_meta.CLASSES</c>, <c>CLASSES</c>
    /// (1.x, 2.x).
    /// </summary>
    internal static IReadOnlyList<string>? FromMeta(PickleDict? meta)
    {
        PickleDict? data = meta?["dataset_meta"] as PickleDict;
        return Names(data?["classes"]) ?? Names(data?["CLASSES"]) ?? Names(meta?["CLASSES"]) ?? Names(meta?["classes"]);
    }

    private static IReadOnlyList<string>? Names(object? value)
    {
        IReadOnlyList<object?>? items = (value as PickleTuple)?.Items ?? (value as PickleList)?.Items;
        return value switch
        {
            string single => [single],
            _ when items is { Count: > 0 } && items.All(item => item is string) => [.. items.Cast<string>()],
            _ => null,
        };
    }
}
