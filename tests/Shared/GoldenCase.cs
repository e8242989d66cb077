using System.Text.Json;

namespace FocalSharp.TestSupport;

/// <summary>One golden case: a function, its arguments, inputs and expected outputs.</summary>
internal sealed class GoldenCase(JsonElement element, Safetensors tensors)
{
    /// <summary>The tensors of the file.</summary>
    public Safetensors Tensors => tensors;

    /// <summary>The case's name.</summary>
    public string Id { get; } = element.GetProperty("id").GetString()!;

    /// <summary>The official function.</summary>
    public string Function { get; } = element.GetProperty("fn").GetString()!;

    /// <summary>Its arguments.</summary>
    public JsonElement Arguments { get; } = element.GetProperty("args");

    /// <summary>Expected numbers that are not tensors.</summary>
    public JsonElement Scalars { get; } = element.TryGetProperty("scalars", out JsonElement scalars) ? scalars : default;

    /// <summary>Names of the input tensors.</summary>
    public IReadOnlyList<string> Inputs { get; } = [.. element.GetProperty("inputs").EnumerateArray().Select(name => name.GetString()!)];

    /// <summary>Names of the expected tensors.</summary>
    public IReadOnlyList<string> Outputs { get; } = [.. element.GetProperty("outputs").EnumerateArray().Select(name => name.GetString()!)];

    /// <summary>Whether the case has a tensor.</summary>
    public bool Has(string name) => tensors.Has($"{Id}.{name}");

    /// <summary>A tensor's shape.</summary>
    public long[] Shape(string name) => tensors.Shape($"{Id}.{name}");

    /// <summary>A tensor's values.</summary>
    public float[] Floats(string name) => tensors.Floats($"{Id}.{name}");

    /// <summary>A tensor's values in double precision.</summary>
    public double[] Doubles(string name) => tensors.Doubles($"{Id}.{name}");

    /// <summary>A tensor's values as integers.</summary>
    public long[] Longs(string name) => tensors.Longs($"{Id}.{name}");

    /// <summary>An argument as a number; null where it is null or absent.</summary>
    public double? Number(string argument) =>
        Arguments.TryGetProperty(argument, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>An argument as an integer.</summary>
    public int Integer(string argument) => Arguments.GetProperty(argument).GetInt32();

    /// <summary>An argument as text.</summary>
    public string Text(string argument) => Arguments.GetProperty(argument).GetString()!;
}
