using FocalSharp.Datasets.Files;
using Microsoft.Win32.SafeHandles;
using SkiaSharp;

namespace FocalSharp.Imaging.Codecs;

/// <summary>Reads encoded images into memory within limits, and describes what is wrong with them.</summary>
internal static class EncodedImageReader
{
    public static SKData Read(string path, long maxBytes)
    {
        SkiaLibrary.Check.EnsureLoaded();
        RequireFile(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            RequireLength(stream.Length, path, maxBytes);
            return SKData.Create(stream) ?? throw new ImageException($"{path}: could not be read to its end. Check the disk.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{path}: cannot be read ({exception.Message}).", exception);
        }
    }

    public static SKData Read(Stream stream, string name, long maxBytes)
    {
        SkiaLibrary.Check.EnsureLoaded();
        using MemoryStream memory = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            memory.Write(buffer, 0, read);
            if (memory.Length > maxBytes)
            {
                break;
            }
        }

        RequireLength(memory.Length, name, maxBytes);
        return SKData.CreateCopy(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }

    /// <summary>Reads a file into a reusable buffer. Returns its length.</summary>
    public static int Read(string path, PixelBuffer buffer, long maxBytes)
    {
        RequireFile(path);
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            long length = RandomAccess.GetLength(file);
            RequireLength(length, path, Math.Min(maxBytes, Array.MaxLength));
            Span<byte> bytes = buffer.GetEncodedBuffer((int)length)[..(int)length];
            for (int done = 0; done < bytes.Length;)
            {
                int read = RandomAccess.Read(file, bytes[done..], done);
                done += read > 0 ? read : throw new ImageException($"{path}: could not be read to its end. Check the disk.");
            }

            return bytes.Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{path}: cannot be read ({exception.Message}).", exception);
        }
    }

    /// <summary>Reads a stream to its end into a reusable buffer. Returns its length.</summary>
    public static int Read(Stream stream, string name, PixelBuffer buffer, long maxBytes)
    {
        const int Step = 1 << 16;
        int length = 0;
        for (int read; (read = stream.Read(buffer.GetEncodedBuffer(length + Step)[length..])) > 0;)
        {
            length += read;
            if (length > maxBytes)
            {
                break;
            }
        }

        RequireLength(length, name, maxBytes);
        return length;
    }

    public static void RequireLength(long length, string name, long maxBytes)
    {
        if (length == 0)
        {
            throw new ImageException($"{name}: is empty (0 bytes), so it contains no image. Replace or remove it.");
        }

        if (length > maxBytes)
        {
            throw new ImageException(
                $"{name}: is longer than the {maxBytes / 1048576.0:0.#} MiB allowed for an encoded image. Compress or tile it, or raise MaxBytes.");
        }
    }

    public static void RequireFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ImageException($"{path}: is a folder where an image file was expected.");
        }

        if (!File.Exists(path))
        {
            throw new ImageException($"{path}: there is no such image file.");
        }
    }

    public static ImageException CreateUnreadableException(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            byte[] head = new byte[512];
            return CreateUnreadableException(path, head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ImageException($"{path}: cannot be read ({exception.Message}).", exception);
        }
    }

    public static ImageException CreateUnreadableException(string name, ReadOnlySpan<byte> encoded) =>
        encoded.IsEmpty ? new ImageException($"{name}: is empty (0 bytes), so it contains no image. Replace or remove it.")
        : ContentSignature.Describe(encoded[..Math.Min(encoded.Length, 512)]) is { } content ? new ImageException($"{name}: is not an image but {content}.")
        : new ImageException(
            $"{name}: is not an image that can be decoded: its content is not {ImageHeader.FormatNames} (the file name does not count), "
            + "or its header is damaged. Convert or remove it.");

    public static ImageException CreateDamagedException(string name, SKCodecResult result) =>
        result is SKCodecResult.IncompleteInput
            ? new ImageException($"{name}: the image is truncated. Copy it again from its source, or remove it.")
            : new ImageException($"{name}: the image is damaged ({result}). Copy it again from its source, or remove it.");
}
