using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// The part of a download that is here already, with what it takes to ask for the rest of the same content: <c>NAME.part</c> and
/// <c>NAME.part.json</c>. Both outlive a crash.
/// </summary>
internal sealed class PartialFile(string path, Uri url)
{
    private const int MaxInfoBytes = 16 * 1024;

    /// <summary>The bytes that are here.</summary>
    public string Path { get; } = path;

    /// <summary>How many bytes are here.</summary>
    public long Length => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    private string InfoPath => Path + ".json";

    /// <summary>What the server said of the content when it began; null where nothing usable is here.</summary>
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

    /// <summary>Begins anew.</summary>
    public void Begin(string? validator, long? total)
    {
        Discard();
        AtomicFile.WriteText(InfoPath, JsonSerializer.Serialize(new PartialDownloadInfo(url.AbsoluteUri, validator, total)));
    }

    /// <summary>Opens the file to write at its end, unbuffered: what was written counts, whatever happens next.</summary>
    public FileStream OpenAppend() => new(Path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Forgets what is here.</summary>
    public void Discard()
    {
        File.Delete(Path);
        File.Delete(InfoPath);
    }

    /// <summary>Forgets how it came, once it is complete and checked.</summary>
    public void Complete() => File.Delete(InfoPath);
}
