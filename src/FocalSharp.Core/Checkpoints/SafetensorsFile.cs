using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Checkpoints;

/// <summary>
/// Reads and writes safetensors: eight bytes of header length, a JSON header padded with spaces to a multiple of 8, then the
/// tensors' bytes without gaps. Compatible with Python's <c>safetensors</c>.
/// </summary>
public static class SafetensorsFile
{
    /// <summary>Maximum header length, as in the reference implementation.</summary>
    public const int MaximumHeaderLength = 100_000_000;

    /// <summary>
    /// Reads a whole file. The sizes in the header are checked against the file's length before anything is allocated.
    /// </summary>
    /// <exception cref="FocalSharpException">The file is missing, not safetensors, truncated or inconsistent.</exception>
    public static StateDict Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            SafetensorsHeader header = ReadHeader(stream, path);
            List<KeyValuePair<string, StateTensor>> tensors = new(header.Entries.Count);
            foreach (SafetensorsEntry entry in header.Entries)
            {
                if (entry.Length > Array.MaxLength)
                {
                    throw new ModelException(
                        $"{path}: tensor '{TextSanitizer.Sanitize(entry.Name)}' has {entry.Length} bytes; the maximum is {Array.MaxLength}.")
                    { Path = path };
                }

                byte[] data = GC.AllocateUninitializedArray<byte>((int)entry.Length);
                stream.Position = header.DataStart + entry.Begin;
                stream.ReadExactly(data);
                tensors.Add(new(entry.Name, new StateTensor(entry.Type, entry.Shape, data)));
            }

            return new StateDict(tensors, header.Metadata);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Reads only the header's free text (<c>__metadata__</c>), regardless of the size of the tensors.</summary>
    /// <exception cref="FocalSharpException">The file is missing, not safetensors, truncated or inconsistent.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return ReadHeader(stream, path).Metadata;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>
    /// Writes a file atomically. The header lists tensors in the given order; their bytes are ordered by element size, widest first, so
    /// that every tensor is aligned to its element.
    /// </summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Write(string path, StateDict state)
    {
        List<(string Name, StateTensor Tensor)> laid =
            [.. state.OrderByDescending(pair => ElementTypes.SizeOf(pair.Value.Type)).Select(pair => (pair.Key, pair.Value))];
        byte[] header = WriteHeader(state, laid);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach ((_, StateTensor tensor) in laid)
            {
                stream.Write(tensor.Data.Span);
            }
        });
    }

    /// <summary>Writes a file atomically; see <see cref="Write(string, StateDict)"/>.</summary>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, StateTensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, new StateDict(tensors, metadata));

    private static SafetensorsHeader ReadHeader(FileStream stream, string path)
    {
        if (stream.Length < 8)
        {
            throw SafetensorsHeader.Broken(path, $"the file has only {stream.Length} bytes");
        }

        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumHeaderLength)
        {
            throw SafetensorsHeader.Broken(path, $"its header claims {length} bytes; the maximum is {MaximumHeaderLength}");
        }

        if ((long)length > stream.Length - 8)
        {
            throw SafetensorsHeader.Broken(path, $"its header claims {length} bytes, but only {stream.Length - 8} follow");
        }

        byte[] json = GC.AllocateUninitializedArray<byte>((int)length);
        stream.ReadExactly(json);
        return SafetensorsHeader.Parse(json, path, 8 + (long)length, stream.Length);
    }

    private static byte[] WriteHeader(StateDict state, List<(string Name, StateTensor Tensor)> laid)
    {
        Dictionary<string, long> begins = new(laid.Count);
        long begin = 0;
        foreach ((string name, StateTensor tensor) in laid)
        {
            begins.Add(name, begin);
            begin += tensor.Data.Length;
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            if (state.Metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string key, string value) in state.Metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            foreach ((string name, StateTensor tensor) in state)
            {
                if (string.Equals(name, SafetensorsHeader.MetadataKey, StringComparison.Ordinal))
                {
                    throw new ArgumentException($"A tensor must not be named {SafetensorsHeader.MetadataKey}.", nameof(state));
                }

                json.WriteStartObject(name);
                json.WriteString("dtype", ElementTypes.NameOf(tensor.Type));
                json.WriteStartArray("shape");
                foreach (long size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(begins[name]);
                json.WriteNumberValue(begins[name] + tensor.Data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        int padding = (8 - (buffer.WrittenCount % 8)) % 8;
        buffer.GetSpan(8)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    private static FileException Unreadable(string path, Exception exception) =>
        new($"{path}: cannot be read ({exception.Message}). Check the path and its permissions.", exception) { Path = path };
}
