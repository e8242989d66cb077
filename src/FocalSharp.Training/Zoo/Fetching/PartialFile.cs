using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Training.Zoo.Fetching;

/// <summary>
/// The part of a download that is here already, with what it takes to ask for the rest of the same content: <c>NAME.part</c> and
/// <c>NAME.part.json</c>. Both outlive a crash.
/// </summary>
internal sealed class PartialFile(string path, Uri url)
{
    private const int MaxStateBytes = 16 * 1024;

    /// <summary>The bytes that are here.</summary>
    public string Path { get; } = path;

    /// <summary>How many bytes are here.</summary>
    public long Length => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    private string StatePath => Path + ".json";

    /// <summary>What the server said of the content when it began; null where nothing usable is here.</summary>
    public PartialState? State()
    {
        try
        {
            return Length > 0
                && new FileInfo(StatePath) is { Exists: true, Length: <= MaxStateBytes }
                && JsonSerializer.Deserialize<PartialState>(File.ReadAllText(StatePath)) is { } state
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
        AtomicFile.WriteText(StatePath, JsonSerializer.Serialize(new PartialState(url.AbsoluteUri, validator, total)));
    }

    /// <summary>Opens the file to write at its end, unbuffered: what was written counts, whatever happens next.</summary>
    public FileStream Append() => new(Path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>Forgets what is here.</summary>
    public void Discard()
    {
        File.Delete(Path);
        File.Delete(StatePath);
    }

    /// <summary>Forgets how it came, once it is complete and checked.</summary>
    public void Complete() => File.Delete(StatePath);
}
