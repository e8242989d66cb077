using System.Security.Cryptography;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>SHA-256 of files, as lower-case hexadecimal.</summary>
internal static class Sha256File
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Computes the hash of a file.</summary>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static string ComputeHash(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be read ({exception.Message}). Check the path and its permissions.", exception);
        }
    }

    /// <summary>Copies a stream into a new file and flushes it to disk.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="path">The file to create.</param>
    /// <param name="maxBytes">The copy stops beyond this number of bytes.</param>
    /// <returns>The number of bytes, <paramref name="maxBytes"/> + 1 if there were more, and the hash.</returns>
    public static (long Bytes, string Sha256) CopyAndHash(Stream source, string path, long maxBytes)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream target = new(path, FileMode.Create, FileAccess.Write, FileShare.None);
        byte[] buffer = new byte[BufferBytes];
        long total = 0;
        while (total <= maxBytes && source.Read(buffer, 0, (int)Math.Min(buffer.Length, maxBytes + 1 - total)) is > 0 and int count)
        {
            target.Write(buffer, 0, count);
            hash.AppendData(buffer, 0, count);
            total += count;
        }

        target.Flush(flushToDisk: true);
        return (total, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
