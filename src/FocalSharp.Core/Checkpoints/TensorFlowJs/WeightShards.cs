using System.Buffers.Binary;
using System.Text.Json;

namespace FocalSharp.Checkpoints.TensorFlowJs;

/// <summary>
/// Reads the constants of a model. Each group of the manifest lists shards, files that follow one another without gaps, and the entries
/// stored in them in order.
/// </summary>
internal static class WeightShards
{
    private const int MaxShards = 10_000;
    private const int MaxEntries = 1_000_000;

    public static StateDict Read(JsonElement manifest, string path)
    {
        List<KeyValuePair<string, StateTensor>> tensors = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<string> shards = new(StringComparer.Ordinal);
        foreach (JsonElement group in manifest.EnumerateArray())
        {
            if (!group.TryGetProperty("paths", out JsonElement paths) || !group.TryGetProperty("weights", out JsonElement weights)
                || paths.GetArrayLength() > MaxShards || weights.GetArrayLength() > MaxEntries)
            {
                throw TensorFlowJsModel.Broken(path, "a group of its manifest lacks paths or weights, or has too many");
            }

            WeightEntry[] entries = [.. weights.EnumerateArray().Select(entry => WeightEntry.Parse(entry, path))];
            if (Array.Find(entries, entry => !names.Add(entry.Name)) is { } twice)
            {
                throw TensorFlowJsModel.Broken(path, $"the manifest lists '{TextSanitizer.Sanitize(twice.Name)}' twice");
            }

            string[] files = [.. paths.EnumerateArray().Select(shard => ShardPath(shard.GetString() ?? "", path))];

            // Otherwise a small file, listed a thousand times, would count as a thousand times its bytes.
            if (Array.Find(files, file => !shards.Add(file)) is { } again)
            {
                throw TensorFlowJsModel.Broken(path, $"the manifest lists the shard '{TextSanitizer.Sanitize(Path.GetFileName(again))}' twice");
            }

            ReadGroup(files, entries, path, tensors);
        }

        return new StateDict(tensors);
    }

    /// <summary>Returns the path of a shard, which must be a plain file name in the folder of the model.</summary>
    private static string ShardPath(string name, string path) =>
        name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', ':', '\0']) < 0
            ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name)
            : throw TensorFlowJsModel.Broken(path, $"its shard '{name}' is not a plain file name");

    private static void ReadGroup(string[] shards, WeightEntry[] entries, string path, List<KeyValuePair<string, StateTensor>> tensors)
    {
        long promised = 0;
        foreach (WeightEntry entry in entries)
        {
            promised = checked(promised + entry.StoredLength);
        }

        bool text = Array.Exists(entries, entry => entry.Type == WeightEntry.Text);
        long present = shards.Sum(shard => new FileInfo(shard).Length);
        if (text ? present < promised : present != promised)
        {
            throw TensorFlowJsModel.Broken(path, $"its manifest requires {promised} bytes of weights, but its shards have {present}");
        }

        using ShardStream stream = new(shards);
        foreach (WeightEntry entry in entries)
        {
            if (entry.Type == WeightEntry.Text)
            {
                SkipText(stream, entry, path);
                continue;
            }

            byte[] stored = GC.AllocateUninitializedArray<byte>((int)entry.StoredLength);
            if (!stream.TryRead(stored))
            {
                throw TensorFlowJsModel.Broken(path, $"its shards end within '{TextSanitizer.Sanitize(entry.Name)}'");
            }

            tensors.Add(new(entry.Name, Decode(entry, stored)));
        }
    }

    private static void SkipText(ShardStream stream, WeightEntry entry, string path)
    {
        byte[] length = new byte[4];
        for (long i = 0; i < entry.Count; i++)
        {
            if (!stream.TryRead(length) || !stream.TrySkip(BinaryPrimitives.ReadUInt32LittleEndian(length)))
            {
                throw TensorFlowJsModel.Broken(path, $"its shards end within '{TextSanitizer.Sanitize(entry.Name)}'");
            }
        }
    }

    private static StateTensor Decode(WeightEntry entry, byte[] stored)
    {
        switch (entry.Stored)
        {
            case "float32":
                return new StateTensor(ElementType.F32, entry.Shape, stored);
            case "int32":
                return new StateTensor(ElementType.I32, entry.Shape, stored);
            case "bool":
                return new StateTensor(ElementType.Bool, entry.Shape, stored);
            case "float16":
                float[] halves = new float[entry.Count];
                for (int i = 0; i < halves.Length; i++)
                {
                    halves[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(stored.AsSpan(2 * i));
                }

                return StateTensor.From(halves, entry.Shape);
            default:
                return Dequantize(entry, stored);
        }
    }

    // Computed in double precision and then rounded, as in TensorFlow.js.
    private static StateTensor Dequantize(WeightEntry entry, byte[] stored)
    {
        bool wide = entry.Stored == "uint16";
        float[] floats = new float[entry.Type == "float32" ? entry.Count : 0];
        byte[] integers = new byte[entry.Type == "float32" ? 0 : 4 * entry.Count];
        for (int i = 0; i < entry.Count; i++)
        {
            int level = wide ? BinaryPrimitives.ReadUInt16LittleEndian(stored.AsSpan(2 * i)) : stored[i];
            double value = (level * entry.Scale) + entry.Minimum;
            if (floats.Length > 0)
            {
                floats[i] = (float)value;
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(integers.AsSpan(4 * i), (int)Math.Clamp(Math.Floor(value + 0.5), int.MinValue, int.MaxValue));
            }
        }

        return entry.Type == "float32" ? StateTensor.From(floats, entry.Shape) : new StateTensor(ElementType.I32, entry.Shape, integers);
    }
}
