using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FocalSharp.Imaging;

namespace FocalSharp.Training.Data;

/// <summary>
/// Caches decoded images as files of raw pixels, up to a limit. A file that is truncated, changed or of an older image is ignored; a full
/// disk stops the caching, not the training.
/// </summary>
internal sealed class DiskImageCache
{
    private const uint Magic = 0x31495346; // "FSI1"
    private const int HeaderLength = 16;

    private readonly string _folder;
    private readonly long _maxBytes;
    private long _bytes;
    private volatile bool _closed;

    /// <summary>Opens a cache folder, including the files of earlier runs.</summary>
    /// <param name="folder">The folder; created if missing.</param>
    /// <param name="maxBytes">Maximum bytes of all its files.</param>
    public DiskImageCache(string folder, long maxBytes)
    {
        _folder = folder;
        _maxBytes = maxBytes;
        try
        {
            DirectoryInfo directory = Directory.CreateDirectory(folder);
            _bytes = directory.EnumerateFiles("*.pixels").Sum(file => file.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{folder}: decoded images cannot be saved there ({exception.Message}). Set cacheFolder to another folder, or cacheDiskMegabytes to 0.", exception) { Path = folder };
        }
    }

    /// <summary>Gets the bytes of the files.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Computes the name of an image's file from its path, length, modification time, cached size and whether its range was stretched.</summary>
    public static string ComputeKey(string path, int maxLongSide, bool stretched = false)
    {
        FileInfo file = new(path);
        string info = $"{file.FullName}\n{(file.Exists ? file.Length : 0)}\n{(file.Exists ? file.LastWriteTimeUtc.Ticks : 0)}\n{maxLongSide}{(stretched ? "\nstretched" : "")}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(info)).AsSpan(0, 16));
    }

    /// <summary>Returns an image, or null if it is not cached.</summary>
    public RgbImage? TryGet(string key)
    {
        try
        {
            string path = GetPath(key);
            return File.Exists(path) ? Parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Caches an image if there is space for it.</summary>
    public void Add(string key, RgbImage image)
    {
        int length = HeaderLength + image.Pixels.Length;
        if (_closed)
        {
            return;
        }

        if (Interlocked.Add(ref _bytes, length) > _maxBytes)
        {
            Interlocked.Add(ref _bytes, -length);
            return;
        }

        string temporary = $"{GetPath(key)}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                Span<byte> header = stackalloc byte[HeaderLength];
                BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
                BinaryPrimitives.WriteInt32LittleEndian(header[4..], image.Width);
                BinaryPrimitives.WriteInt32LittleEndian(header[8..], image.Height);
                BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Crc32C.Compute(image.Pixels));
                stream.Write(header);
                stream.Write(image.Pixels);
            }

            File.Move(temporary, GetPath(key), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _closed = true; // the disk is full or missing: training continues without it
            TryDelete(temporary);
        }
    }

    private static RgbImage? Parse(byte[] bytes)
    {
        if (bytes.Length <= HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            return null;
        }

        int width = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4));
        int height = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        byte[] pixels = bytes[HeaderLength..];
        return width > 0 && height > 0 && (long)width * height * 3 == pixels.Length
            && Crc32C.Compute(pixels) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12))
            ? new RgbImage(width, height, pixels)
            : null;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is deleted with the folder.
        }
    }

    private string GetPath(string key) => Path.Combine(_folder, key + ".pixels");
}
