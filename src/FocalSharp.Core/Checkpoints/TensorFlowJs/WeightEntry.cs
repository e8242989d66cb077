using System.Text.Json;

namespace FocalSharp.Checkpoints.TensorFlowJs;

/// <summary>A constant as described by the manifest.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">The sizes, outermost first.</param>
/// <param name="Type">The type in the graph: <c>float32</c>, <c>int32</c>, <c>bool</c> or <c>string</c>.</param>
/// <param name="Stored">The type on disk: <paramref name="Type"/>, or <c>float16</c>, <c>uint8</c>, <c>uint16</c>.</param>
/// <param name="Scale">Factor of a quantized entry.</param>
/// <param name="Minimum">Offset of a quantized entry.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record WeightEntry(
    string Name, IReadOnlyList<long> Shape, string Type, string Stored, double Scale, double Minimum, long Count)
{
    public const string Text = "string";

    private const int MaxDimensions = 8;

    /// <summary>Gets the bytes on disk; for text entries a lower bound, one length per element.</summary>
    public long StoredLength => checked(Count * SizeOf(Stored));

    /// <summary>Gets whether values are integers that <see cref="Scale"/> and <see cref="Minimum"/> convert.</summary>
    public bool IsQuantized => Stored is "uint8" or "uint16";

    public static WeightEntry Parse(JsonElement json, string path)
    {
        string name = json.TryGetProperty("name", out JsonElement key) ? key.GetString() ?? "" : "";
        string shown = TextSanitizer.Sanitize(name);
        if (name.Length == 0 || !json.TryGetProperty("shape", out JsonElement sizes) || !json.TryGetProperty("dtype", out JsonElement dtype))
        {
            throw TensorFlowJsModel.Broken(path, $"the manifest's entry '{shown}' lacks its name, shape or dtype");
        }

        if (sizes.GetArrayLength() > MaxDimensions)
        {
            throw TensorFlowJsModel.Broken(path, $"'{shown}' has {sizes.GetArrayLength()} dimensions, of at most {MaxDimensions}");
        }

        long[] shape = [.. sizes.EnumerateArray().Select(size => size.GetInt64())];
        if (StateTensor.CountElements(shape) is not { } count || count > Array.MaxLength / sizeof(float))
        {
            throw TensorFlowJsModel.Broken(path, $"'{shown}' of shape [{string.Join(", ", shape)}] exceeds the maximum size of a tensor");
        }

        string type = dtype.GetString() ?? "";
        (string stored, double scale, double minimum) = Quantization(json, type, shown, path);
        return SizeOf(type) > 0 && SizeOf(stored) > 0
            ? new WeightEntry(name, shape, type, stored, scale, minimum, count)
            : throw TensorFlowJsModel.Broken(path, $"'{shown}' is of type {type}, stored as {stored}, which is not supported");
    }

    private static (string Stored, double Scale, double Minimum) Quantization(JsonElement json, string type, string name, string path)
    {
        if (!json.TryGetProperty("quantization", out JsonElement quantization))
        {
            return (type, 1, 0);
        }

        string stored = quantization.TryGetProperty("dtype", out JsonElement dtype) ? dtype.GetString() ?? "" : "";
        if (stored == "float16" && type == "float32")
        {
            return (stored, 1, 0);
        }

        if (stored is not ("uint8" or "uint16") || type is not ("float32" or "int32")
            || !quantization.TryGetProperty("scale", out JsonElement scale) || !quantization.TryGetProperty("min", out JsonElement minimum)
            || !double.IsFinite(scale.GetDouble()) || !double.IsFinite(minimum.GetDouble()))
        {
            throw TensorFlowJsModel.Broken(path, $"'{name}' is quantized from {type} to {stored} in an unsupported way");
        }

        return (stored, scale.GetDouble(), minimum.GetDouble());
    }

    private static int SizeOf(string type) => type switch
    {
        "bool" or "uint8" => 1,
        "float16" or "uint16" => 2,
        "float32" or "int32" or Text => 4,
        _ => 0,
    };
}
