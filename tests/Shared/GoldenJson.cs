using System.Text.Json;

namespace FocalSharp.TestSupport;

/// <summary>Reads golden JSON files whose lists must not be empty, so that a damaged file fails a test instead of passing with nothing compared.</summary>
internal static class GoldenJson
{
    /// <summary>Returns an array or object with at least one element.</summary>
    /// <exception cref="InvalidDataException">Thrown when it has none.</exception>
    public static JsonElement RequireElements(this JsonElement list)
    {
        bool any = list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Any() : list.EnumerateObject().Any();
        return any ? list : throw new InvalidDataException("a list of the golden file is empty.");
    }
}
