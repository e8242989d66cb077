using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>The id that git gives a file's content: the SHA-1 of <c>blob</c>, the length and the content.</summary>
internal static class GitBlob
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Computes the id of a file, as lower-case hexadecimal.</summary>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static string ComputeId(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            using IncrementalHash hash = CreateSha1();
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {stream.Length}\0")));
            byte[] buffer = new byte[BufferBytes];
            while (stream.Read(buffer) is > 0 and int count)
            {
                hash.AppendData(buffer, 0, count);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be read ({exception.Message}). Check the path and its permissions.", exception);
        }
    }

    // Git's own choice: the id states which file a repository contains.
#pragma warning disable CA5350
    private static IncrementalHash CreateSha1() => IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
}
