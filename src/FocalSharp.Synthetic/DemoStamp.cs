using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Synthetic;

/// <summary>
/// The file that identifies a demo folder and its data set. It is written before the images, and again as complete after them.
/// </summary>
internal sealed record DemoStamp(string Key, bool Complete)
{
    /// <summary>The name of the file in the demo folder.</summary>
    public const string FileName = "focalsharp-demo.json";

    /// <summary>Incremented when the same options give other images, so that old folders are generated again.</summary>
    private const int GeneratorVersion = 2;

    private static readonly JsonSerializerOptions JsonOptions = new() { WriteIndented = true };

    /// <summary>Returns a hash of everything that determines the images.</summary>
    public static string ComputeKey(DemoOptions options)
    {
        string text = JsonSerializer.Serialize(options with { Scenes = options.Scenes with { Seed = options.Seed } });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{GeneratorVersion} {text}")));
    }

    /// <summary>Reads a folder's stamp; null if there is none or it cannot be read.</summary>
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
