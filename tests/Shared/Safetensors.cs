using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FocalSharp.TestSupport;

/// <summary>A small reader of safetensors files for tests, with no Torch.</summary>
internal sealed class Safetensors
{
    private readonly byte[] _bytes;
    private readonly long _start;
    private readonly Dictionary<string, JsonElement> _entries;

    private Safetensors(byte[] bytes, long start, Dictionary<string, JsonElement> entries)
    {
        _bytes = bytes;
        _start = start;
        _entries = entries;
    }

    /// <summary>Names of all tensors.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Reads a file; where it does not exist, the compressed one beside it, with the suffix <c>.gz</c>.</summary>
    public static Safetensors Load(string path)
    {
        byte[] bytes = File.Exists(path) ? File.ReadAllBytes(path) : Decompress(path + ".gz");
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Dictionary<string, JsonElement> entries = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(bytes.AsSpan(8, (int)length))!;
        entries.Remove("__metadata__");
        return new Safetensors(bytes, 8 + length, entries);
    }

    /// <summary>Whether the file has a tensor.</summary>
    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>A tensor's shape.</summary>
    public long[] Shape(string name) => [.. _entries[name].GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];

    /// <summary>A tensor's element type as the file names it (F32, F64, I64, …).</summary>
    public string Type(string name) => _entries[name].GetProperty("dtype").GetString()!;

    /// <summary>A tensor's values, converted from F32, F64, I64, I32, U8 or BOOL.</summary>
    public float[] Floats(string name) => [.. Doubles(name).Select(value => (float)value)];

    /// <summary>A tensor's values as integers.</summary>
    public long[] Longs(string name) => [.. Doubles(name).Select(value => (long)value)];

    /// <summary>A tensor's values in double precision.</summary>
    public double[] Doubles(string name)
    {
        ReadOnlySpan<byte> raw = Raw(name);
        return Type(name) switch
        {
            "F32" => Convert<float>(raw, value => value),
            "F64" => Convert<double>(raw, value => value),
            "I64" => Convert<long>(raw, value => value),
            "I32" => Convert<int>(raw, value => value),
            "U8" or "BOOL" => Convert<byte>(raw, value => value),
            string other => throw new InvalidDataException($"{name}: element type {other} is not read by the tests."),
        };
    }

    private static byte[] Decompress(string path)
    {
        using GZipStream stream = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private ReadOnlySpan<byte> Raw(string name)
    {
        JsonElement offsets = _entries[name].GetProperty("data_offsets");
        long from = offsets[0].GetInt64();
        return _bytes.AsSpan((int)(_start + from), (int)(offsets[1].GetInt64() - from));
    }

    private static double[] Convert<T>(ReadOnlySpan<byte> raw, Func<T, double> convert)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(raw);
        double[] result = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            result[i] = convert(values[i]);
        }

        return result;
    }
}
