using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Synthetic;

/// <summary>
/// The file that says what a demo folder holds and that it is complete. It is written first as a claim and last as a seal.
/// </summary>
internal sealed record DemoStamp(string Key, bool Complete)
{
    /// <summary>The file's name in the demo folder.</summary>
    public const string FileName = "focalsharp-demo.json";

    /// <summary>Raised whenever the same options would draw other pictures, so that old folders are drawn anew.</summary>
    private const int GeneratorVersion = 2;

    private static readonly JsonSerializerOptions JsonOptions = new() { WriteIndented = true };

    /// <summary>A hash of all that decides the pictures.</summary>
    public static string ComputeKey(DemoOptions options)
    {
        string text = JsonSerializer.Serialize(options with { Scenes = options.Scenes with { Seed = options.Seed } });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{GeneratorVersion} {text}")));
    }

    /// <summary>Reads a folder's stamp; null where there is none that can be read.</summary>
    public static DemoStamp? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<DemoStamp>(File.ReadAllText(path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the stamp.</summary>
    public void Write(string folder)
        => AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, JsonOptions));
}
