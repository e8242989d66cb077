using System.Buffers.Binary;
using System.Numerics;

namespace FocalSharp.Checkpoints.Pickling;

/// <summary>
/// PyTorch's format before 1.6: five pickles in a row (a magic number, a protocol version, system information, the object,
/// the storages' keys), then an int64 element count and the raw elements per key.
/// </summary>
internal sealed class LegacyCheckpoint : IStorageSource
{
    private const long ProtocolVersion = 1001;

    private static readonly BigInteger Magic = new([0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]);

    private readonly Stream _stream;
    private readonly string _path;
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);
    private string? _unknown;

    public LegacyCheckpoint(Stream stream, string path, TorchGlobals globals)
    {
        _stream = stream;
        _path = path;
        PickleReader reader = new(stream, path);
        if (!Equals(Unpickler.Read(reader, globals), Magic) || !Equals(Unpickler.Read(reader, globals), ProtocolVersion))
        {
            throw new ModelException(
                $"{path}: a Python pickle, but not a PyTorch checkpoint. Save the weights in Python: torch.save(state_dict, 'weights.pth').")
            { Path = path };
        }

        if (Unpickler.Read(reader, globals) is PickleDict info && info["little_endian"] is false)
        {
            throw new ModelException($"{path}: its weights are not little-endian. Save it again on a little-endian machine.") { Path = path };
        }

        Root = Unpickler.Read(reader, globals);
        Locate(Unpickler.Read(reader, globals) as PickleList, globals);
    }

    /// <summary>Gets the saved object.</summary>
    public object? Root { get; }

    /// <inheritdoc/>
    public byte[] Read(PickledStorage storage)
    {
        if (!_positions.TryGetValue(storage.Key, out long position))
        {
            throw Broken(_unknown is null
                ? $"it has no data for storage '{TextSanitizer.Sanitize(storage.Key)}'; the file is incomplete"
                : $"storage '{TextSanitizer.Sanitize(storage.Key)}' follows storage '{TextSanitizer.Sanitize(_unknown)}', whose type is unknown");
        }

        if (storage.ByteCount > Array.MaxLength)
        {
            throw Broken(
                $"storage '{TextSanitizer.Sanitize(storage.Key)}' has {storage.ByteCount} bytes; the maximum is {Array.MaxLength}");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)storage.ByteCount);
        _stream.Position = position;
        _stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// Scans the storages' data, so that every length is checked against the file before anything is read.
    /// </summary>
    private void Locate(PickleList? keys, TorchGlobals globals)
    {
        if (keys is null)
        {
            throw Broken("the list of its storages is missing");
        }

        Span<byte> prefix = stackalloc byte[8];
        foreach (object? key in keys.Items)
        {
            string name = key as string ?? (key as long?)?.ToString() ?? "?";
            if (!globals.Storages.TryGetValue(name, out PickledStorage? storage))
            {
                // Of unknown type and therefore length: nothing beyond it can be found, which matters only if a weight is stored there.
                _unknown = name;
                return;
            }

            if (_positions.ContainsKey(name))
            {
                throw Broken($"storage '{TextSanitizer.Sanitize(name)}' is listed twice");
            }

            if (_stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
            {
                throw Broken($"it ends before storage '{TextSanitizer.Sanitize(name)}': the file is truncated");
            }

            long count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (count != storage.Count)
            {
                throw Broken($"storage '{TextSanitizer.Sanitize(name)}' contains {count} elements, but its tensors need {storage.Count}");
            }

            if (storage.ByteCount > _stream.Length - _stream.Position)
            {
                throw Broken($"it ends within storage '{TextSanitizer.Sanitize(name)}': the file is truncated");
            }

            _positions[name] = _stream.Position;
            _stream.Position += (long)storage.ByteCount;
        }
    }

    private ModelException Broken(string why) =>
        new($"{_path}: not a readable PyTorch checkpoint: {why}. Copy or download it again.") { Path = _path };
}
