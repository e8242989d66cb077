using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Files;

/// <summary>The outline of a JSON file, by which its format is recognized without reading all of it.</summary>
/// <param name="IsArray">Whether the file is a list.</param>
/// <param name="Keys">The keys of the root object, or of the first object in the list.</param>
/// <param name="NestedKeys">The keys of the first object within the root object.</param>
internal sealed record JsonSignature(bool IsArray, IReadOnlySet<string> Keys, IReadOnlySet<string> NestedKeys)
{
    // Enough for the keys of any format; of files with huge first values, the keys before them are found.
    private const long MaxBytes = 40 << 20;
    private const int MaxKeys = 64;

    /// <summary>Reads the outline; null if the file is not JSON. Of several values, as in JSON lines, the first is described.</summary>
    public static JsonSignature? TryRead(string path)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        HashSet<string> nested = new(StringComparer.Ordinal);
        bool isArray = false;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            using BoundedStream bounded = new(file, MaxBytes, () => new InvalidDataException("enough"));
            JsonTokenStream json = new(bounded);
            json.Next();
            isArray = json.Type == JsonTokenType.StartArray;
            if (isArray)
            {
                json.Next();
            }

            if (json.Type != JsonTokenType.StartObject)
            {
                return isArray ? new JsonSignature(isArray, keys, nested) : null;
            }

            for (json.Next(); json.Type == JsonTokenType.PropertyName && keys.Count < MaxKeys; json.Next())
            {
                keys.Add(json.ReadName());
                json.Next();
                if (json.Type == JsonTokenType.StartObject && nested.Count == 0)
                {
                    for (json.Next(); json.Type == JsonTokenType.PropertyName && nested.Count < MaxKeys; json.Next())
                    {
                        nested.Add(json.ReadName());
                        json.Next();
                        json.Skip();
                    }

                    if (nested.Count == MaxKeys)
                    {
                        break;
                    }
                }
                else
                {
                    json.Skip();
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or FormatException)
        {
            // Broken after these keys, or long enough.
        }

        return keys.Count > 0 || isArray ? new JsonSignature(isArray, keys, nested) : null;
    }

    /// <summary>Returns whether all keys are present.</summary>
    public bool Has(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (!Keys.Contains(key))
            {
                return false;
            }
        }

        return true;
    }
}
