using System.Text.Json;
using FocalSharp.Explorer.Models;

namespace FocalSharp.Explorer.Datasets;

/// <summary>Reads the evaluation results in the folder of a run.</summary>
internal static class RunResultReader
{
    private const long MaxBytes = 16 << 20;

    /// <summary>The files that may contain a calibration, the latest evaluation first.</summary>
    private static readonly string[] FileNames = ["eval.json", "result.json"];

    /// <summary>Returns the first file of a run that contains a calibration, or null. The caller disposes it.</summary>
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

    /// <summary>Parses a file as a JSON object of at most 16 MiB.</summary>
    /// <exception cref="FileException">The file is too large or is not a JSON object.</exception>
    public static JsonDocument Parse(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new FileException($"{path}: too large for the results of a run.");
            }

            JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new FileException($"{path}: not a JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be read as the results of a run: {exception.Message}", exception);
        }
    }
}
