using System.Text.Json;

namespace FocalSharp.TestSupport;

/// <summary>A golden <c>X.json</c> with the tensors of <c>X.safetensors</c> beside it.</summary>
internal sealed class GoldenFile
{
    private GoldenFile(string name, Safetensors tensors, IReadOnlyList<GoldenCase> cases)
    {
        Name = name;
        Tensors = tensors;
        Cases = cases;
    }

    /// <summary>The file's name without extension.</summary>
    public string Name { get; }

    /// <summary>All tensors, named <c>case.name</c>.</summary>
    public Safetensors Tensors { get; }

    /// <summary>The cases in the file's order.</summary>
    public IReadOnlyList<GoldenCase> Cases { get; }

    /// <summary>Reads one file of a golden folder; skips the running test where it is absent.</summary>
    public static GoldenFile Require(string folder, string name) => Read(GoldenData.Require(folder, name + ".json"));

    /// <summary>Reads every file of a golden folder that has cases; skips the running test where there is none.</summary>
    public static IReadOnlyList<GoldenFile> RequireAll(string folder)
    {
        string path = GoldenData.Require(folder);
        GoldenFile[] files = [.. Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal).Select(Read)];
        Assert.SkipWhen(files.Length == 0, $"golden folder {folder} has no cases");
        return files;
    }

    private static GoldenFile Read(string path)
    {
        Safetensors tensors = Safetensors.Load(Path.ChangeExtension(path, ".safetensors"));
        JsonElement root = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        GoldenCase[] cases = [.. root.GetProperty("cases").EnumerateArray().Select(element => new GoldenCase(element, tensors))];
        Assert.NotEmpty(cases);
        return new GoldenFile(Path.GetFileNameWithoutExtension(path), tensors, cases);
    }
}

/// <summary>One golden case: a function, its arguments, inputs and expected outputs.</summary>
internal sealed class GoldenCase(JsonElement element, Safetensors tensors)
{
    /// <summary>The case's name.</summary>
    public string Id { get; } = element.GetProperty("id").GetString()!;

    /// <summary>The official function.</summary>
    public string Function { get; } = element.GetProperty("fn").GetString()!;

    /// <summary>Its arguments.</summary>
    public JsonElement Arguments { get; } = element.GetProperty("args");

    /// <summary>Expected numbers that are no tensors.</summary>
    public JsonElement Scalars { get; } = element.TryGetProperty("scalars", out JsonElement scalars) ? scalars : default;

    /// <summary>Names of the expected tensors.</summary>
    public IReadOnlyList<string> Outputs { get; } = [.. element.GetProperty("outputs").EnumerateArray().Select(name => name.GetString()!)];

    /// <summary>Whether the case holds a tensor.</summary>
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
