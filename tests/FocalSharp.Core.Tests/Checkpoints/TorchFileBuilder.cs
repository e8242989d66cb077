using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace FocalSharp.Core.Tests.Checkpoints;

/// <summary>
/// Writes pickles and PyTorch checkpoints byte by byte, well-formed or not. Each method gives the bytes that push one value.
/// </summary>
internal static class TorchFileBuilder
{
    public static readonly byte[] None = "N"u8.ToArray();
    public static readonly byte[] False = [0x89];
    public static readonly byte[] OrderedDict = Reduce(Global("collections", "OrderedDict"), Tuple());

    public static byte[] Text(string text) =>
        [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Int(long value) => [0x8a, 8, .. BitConverter.GetBytes(value)];

    public static byte[] Global(string module, string name) => Encoding.UTF8.GetBytes($"c{module}\n{name}\n");

    public static byte[] Tuple(params byte[][] items) => [(byte)'(', .. items.SelectMany(item => item), (byte)'t'];

    public static byte[] List(params byte[][] items) => [(byte)']', (byte)'(', .. items.SelectMany(item => item), (byte)'e'];

    public static byte[] Dict(params (string Key, byte[] Value)[] entries) =>
        [(byte)'}', (byte)'(', .. entries.SelectMany(entry => Text(entry.Key).Concat(entry.Value)), (byte)'u'];

    public static byte[] Reduce(byte[] function, byte[] arguments) => [.. function, .. arguments, (byte)'R'];

    public static byte[] Storage(string type, string key, long count, byte[]? view = null) =>
        [.. Tuple(
            [Text("storage"), Global("torch", type), Text(key), Text("cpu"), Int(count), .. view is null
                ? Array.Empty<byte[]>()
                : [view]]), (byte)'Q'];

    public static byte[] Tensor(byte[] storage, long offset, long[] shape, long[] strides) =>
        Reduce(Global("torch._utils", "_rebuild_tensor_v2"),
            Tuple(storage, Int(offset), Ints(shape), Ints(strides), False, OrderedDict));

    public static byte[] Ints(params long[] values) => Tuple([.. values.Select(Int)]);

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Pickle(byte[] value) => [0x80, 2, .. value, (byte)'.'];

    /// <summary>A zip checkpoint in memory; storages are stored uncompressed by default.</summary>
    public static byte[] Zip(byte[] root, params (string Key, byte[] Data)[] storages) =>
        Zip(root, CompressionLevel.NoCompression, storages);

    public static byte[] Zip(byte[] root, CompressionLevel level, params (string Key, byte[] Data)[] storages)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "archive/data.pkl", Pickle(root), CompressionLevel.NoCompression);
            foreach ((string key, byte[] data) in storages)
            {
                Add(archive, $"archive/data/{key}", data, level);
            }

            Add(archive, "archive/version", "3\n"u8.ToArray(), CompressionLevel.NoCompression);
        }

        return stream.ToArray();
    }

    /// <summary>A legacy checkpoint in memory.</summary>
    public static byte[] Legacy(byte[] root, params (string Key, long Count, byte[] Data)[] storages)
    {
        byte[] magic = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
        List<byte> bytes = [.. Pickle(magic), .. Pickle(Int(1001)), .. Pickle(Dict(("little_endian", [0x88]))), .. Pickle(root)];
        bytes.AddRange(Pickle(List([.. storages.Select(storage => Text(storage.Key))])));
        foreach ((_, long count, byte[] data) in storages)
        {
            byte[] prefix = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, count);
            bytes.AddRange(prefix);
            bytes.AddRange(data);
        }

        return [.. bytes];
    }

    private static void Add(ZipArchive archive, string name, byte[] data, CompressionLevel level)
    {
        using Stream entry = archive.CreateEntry(name, level).Open();
        entry.Write(data);
    }
}
