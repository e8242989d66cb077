using System.IO.Compression;

namespace FocalSharp.Checkpoints.Pickling;

/// <summary>
/// PyTorch's format since 1.6: a zip archive with <c>NAME/data.pkl</c> and one entry <c>NAME/data/KEY</c> per storage. Nothing
/// is extracted to disk. Sizes are checked in the central directory before anything is allocated, and again while reading.
/// </summary>
internal sealed class ZipCheckpoint : IStorageSource, IDisposable
{
    /// <summary>Maximum ratio of the unpacked entries to the file's length; PyTorch stores weights uncompressed.</summary>
    private const int MaximumExpansion = 20;
    private const int MaximumPickleLength = 512 << 20;

    private readonly ZipArchive _archive;
    private readonly string _path;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _prefix;

    public ZipCheckpoint(Stream stream, string path)
    {
        _path = path;
        _archive = Guard("its directory cannot be read; the file is truncated or damaged", () =>
        {
            ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            _ = archive.Entries.Count;
            return archive;
        });
        try
        {
            Index(stream.Length);
            _prefix = FindPrefix();
            CheckByteOrder();
        }
        catch
        {
            _archive.Dispose();
            throw;
        }
    }

    /// <summary>Gets the pickle of the saved object, in memory.</summary>
    public Stream OpenPickle()
    {
        ZipArchiveEntry entry = _entries[_prefix + "data.pkl"];
        if (entry.Length > MaximumPickleLength)
        {
            throw Broken($"its data.pkl has {entry.Length} bytes; the maximum is {MaximumPickleLength}");
        }

        return new MemoryStream(ReadAll(entry), writable: false);
    }

    /// <inheritdoc/>
    public byte[] Read(PickledStorage storage)
    {
        if (!_entries.TryGetValue($"{_prefix}data/{storage.Key}", out ZipArchiveEntry? entry))
        {
            throw Broken($"it has no entry for storage '{TextSanitizer.Sanitize(storage.Key)}'; the file is incomplete");
        }

        if (entry.Length != storage.ByteCount)
        {
            throw Broken(
                $"storage '{TextSanitizer.Sanitize(storage.Key)}' has {entry.Length} bytes, but its tensors need {storage.ByteCount}");
        }

        return ReadAll(entry);
    }

    public void Dispose() => _archive.Dispose();

    private void Index(long fileLength)
    {
        Int128 packed = 0;
        Int128 unpacked = 0;
        foreach (ZipArchiveEntry entry in _archive.Entries)
        {
            if (!_entries.TryAdd(entry.FullName, entry))
            {
                throw Broken($"the entry '{TextSanitizer.Sanitize(entry.FullName)}' occurs twice");
            }

            packed += entry.CompressedLength;
            unpacked += entry.Length;
            if (entry.CompressedLength < 0 || entry.Length < 0 || packed > fileLength)
            {
                throw Broken($"its entries claim more bytes than the file's {fileLength}; it is truncated or forged");
            }
        }

        if (unpacked > (Int128)fileLength * MaximumExpansion)
        {
            throw Broken($"its {fileLength} bytes would unpack to {unpacked}, more than weights do: a zip bomb");
        }
    }

    private string FindPrefix()
    {
        string[] pickles =
            [.. _entries.Keys.Where(name => name is "data.pkl" || name.EndsWith("/data.pkl", StringComparison.Ordinal))];
        return pickles.Length switch
        {
            1 when _entries.ContainsKey(pickles[0][..^"data.pkl".Length] + "constants.pkl") => throw new ModelException(
                $"{_path}: a TorchScript program, not a checkpoint. Save its state dict in Python: torch.save(model.state_dict(), 'weights.pth').")
            { Path = _path },
            1 => pickles[0][..^"data.pkl".Length],
            0 => throw new ModelException(
                $"{_path}: a zip archive without data.pkl, so not a PyTorch checkpoint. Pass the .pth file itself.")
            { Path = _path },
            _ => throw Broken("it contains several data.pkl"),
        };
    }

    private void CheckByteOrder()
    {
        if (_entries.TryGetValue(_prefix + "byteorder", out ZipArchiveEntry? entry)
            && (entry.Length > 16 || !ReadAll(entry).AsSpan().SequenceEqual("little"u8)))
        {
            throw new ModelException($"{_path}: its weights are not little-endian. Save it again on a little-endian machine.") { Path = _path };
        }
    }

    private byte[] ReadAll(ZipArchiveEntry entry)
    {
        string name = TextSanitizer.Sanitize(entry.FullName);
        if (entry.Length > Array.MaxLength)
        {
            throw Broken($"the entry '{name}' has {entry.Length} bytes; the maximum is {Array.MaxLength}");
        }

        return Guard($"the entry '{name}' is damaged", () =>
        {
            using Stream stream = entry.Open();
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length);
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length || stream.ReadByte() >= 0)
            {
                throw Broken($"the entry '{name}' does not contain the {entry.Length} bytes that it declares");
            }

            return bytes;
        });
    }

    private T Guard<T>(string why, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (
            exception is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw Broken($"{why} ({exception.Message})", exception);
        }
    }

    private ModelException Broken(string why, Exception? cause = null)
    {
        string message = $"{_path}: not a readable PyTorch checkpoint: {why}. Copy or download it again.";
        return cause is null ? new(message) { Path = _path } : new(message, cause) { Path = _path };
    }
}
