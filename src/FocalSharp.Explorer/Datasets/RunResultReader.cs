using System.Text.Json;
using FocalSharp.Explorer.Models;

namespace FocalSharp.Explorer.Datasets;

/// <summary>Reads the numbers that a run left in its folder.</summary>
internal static class RunResultReader
{
    private const long MaxBytes = 16 << 20;

    /// <summary>Files that may hold a calibration, the latest judgement first.</summary>
    private static readonly string[] FileNames = ["eval.json", "result.json"];

    /// <summary>The first file of a run with a calibration in it, or null. The caller disposes it.</summary>
    public static JsonDocument? FindCalibration(ExplorerModelEntry entry)
    {
        foreach (string name in entry.RunFolder is null ? [] : FileNames)
        {
            string path = Path.Combine(entry.RunFolder!, name);
            if (File.Exists(path))
            {
                JsonDocument json = Parse(path);
                if (json.RootElement.TryGetProperty("calibration", out JsonElement found) && found.ValueKind == JsonValueKind.Object)
                {
                    return json;
                }

                json.Dispose();
            }
        }

        return null;
    }

    /// <summary>A JSON object of reasonable size.</summary>
    /// <exception cref="FocalSharpException">The file is something else.</exception>
    public static JsonDocument Parse(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new FocalSharpException($"{path}: is too large to be the numbers of a run.");
            }

            JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new FocalSharpException($"{path}: holds no JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException($"{path}: cannot be read as a run's numbers: {exception.Message}", exception);
        }
    }
}
