using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.IO;

namespace FocalSharp.Models.Catalog;

/// <summary>
/// Describes a stored model. It is written last: a folder without a receipt is not a model. Only lengths and hashes are used; the catalog
/// determines the file.
/// </summary>
internal sealed record ModelReceipt
{
    public const string FileName = "receipt.json";

    private const int CurrentFormat = 1;
    private const int MaxBytes = 64 * 1024;

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    public int Format { get; init; } = CurrentFormat;

    public required string Name { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }

    public required string Origin { get; init; }

    public required string License { get; init; }

    public required IReadOnlyList<VerifiedFile> Sources { get; init; }

    /// <summary>Reads the receipt; null if there is none or it is invalid.</summary>
    public static ModelReceipt? TryRead(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxBytes }
                && JsonSerializer.Deserialize<ModelReceipt>(File.ReadAllText(path), JsonOptions) is { Format: CurrentFormat } receipt
                ? receipt
                : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Writes the receipt atomically.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, JsonOptions) + "\n");
}

/// <summary>A file whose content was verified.</summary>
/// <param name="Name">Its published name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal.</param>
internal sealed record VerifiedFile(string Name, long Bytes, string Sha256);
