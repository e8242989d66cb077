using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// The downloaded part of a file, with the information to request the rest of the same content: <c>NAME.part</c> and
/// <c>NAME.part.json</c>. Both survive a crash.
/// </summary>
internal sealed class PartialFile(string path, Uri url)
{
    private const int MaxInfoBytes = 16 * 1024;

    /// <summary>The file of downloaded bytes.</summary>
    public string Path { get; } = path;

    /// <summary>The number of downloaded bytes.</summary>
    public long Length => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    private string InfoPath => Path + ".json";

    /// <summary>Returns what the server stated about the content; null if nothing usable was downloaded.</summary>
    public PartialDownloadInfo? ReadInfo()
    {
        try
        {
            return Length > 0
                && new FileInfo(InfoPath) is { Exists: true, Length: <= MaxInfoBytes }
                && JsonSerializer.Deserialize<PartialDownloadInfo>(File.ReadAllText(InfoPath)) is { } state
                && string.Equals(state.Url, url.AbsoluteUri, StringComparison.Ordinal)
                ? state
                : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Starts over.</summary>
    public void Begin(string? validator, long? total)
    {
        Discard();
        AtomicFile.WriteText(InfoPath, JsonSerializer.Serialize(new PartialDownloadInfo(url.AbsoluteUri, validator, total)));
    }

    /// <summary>Opens the file to append, unbuffered, so that written bytes survive a crash.</summary>
    public FileStream OpenAppend() => new(Path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Deletes the part.</summary>
    public void Discard()
    {
        File.Delete(Path);
        File.Delete(InfoPath);
    }

    /// <summary>Deletes the information, once the file is complete and verified.</summary>
    public void Complete() => File.Delete(InfoPath);
}

/// <summary>What the server stated about the content when the download started.</summary>
/// <param name="Url">The requested address.</param>
/// <param name="Validator">Value for <c>If-Range</c>: a strong entity tag or a date; null if it gave neither.</param>
/// <param name="Total">The total length, if stated.</param>
internal sealed record PartialDownloadInfo(string Url, string? Validator, long? Total);
