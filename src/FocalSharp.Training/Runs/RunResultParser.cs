using System.Text.Json;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Models;

namespace FocalSharp.Training.Runs;

/// <summary>Reads the JSON of a <see cref="RunResult"/>. The file is untrusted.</summary>
internal static class RunResultParser
{
    private const long MaxBytes = 64 << 20;

    private static readonly string[] Known =
    [
        "seconds", "images_per_second", "seed", "command", "dataset", "split", "weights", "epochs", "skipped_images",
        RunResult.PretrainedAPName, RunResult.FirstPretrainedAPName,
    ];

    /// <summary>Reads a file, or that of a run's folder.</summary>
    /// <exception cref="FileException">The file is missing, too large, or not a result.</exception>
    public static RunResult Load(string path)
    {
        string file = Directory.Exists(path) ? RunFolder.Open(path).ResultPath : path;
        try
        {
            if (!File.Exists(file))
            {
                throw new FileException($"{file}: does not exist. A run has a result when it has finished and was evaluated; resume an interrupted one.") { Path = file };
            }

            if (new FileInfo(file).Length > MaxBytes)
            {
                throw new FileException($"{file}: has more than {MaxBytes >> 20} MiB, so it is not the result of a run.") { Path = file };
            }

            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
            return json.RootElement.ValueKind == JsonValueKind.Object ? Parse(json.RootElement) : throw new FormatException("it is not a JSON object");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{file}: is not the result of a run ({exception.Message.TrimEnd('.')}). Evaluate the weights again.", exception) { Path = file };
        }
    }

    private static RunResult Parse(JsonElement json)
    {
        CocoMetrics metrics = CocoMetrics.Read(json);
        HashSet<string> known = new(Known, StringComparer.Ordinal);
        known.UnionWith(metrics.Summary.Select(pair => pair.Key));
        CalibrationSummary calibration = CalibrationSummary.Create(name => ReadNumber(json, name) ?? double.NaN);
        bool hasCalibration = calibration.Values.Any(pair => json.TryGetProperty(pair.Key, out _));
        known.UnionWith(calibration.Values.Select(pair => pair.Key));
        return new RunResult
        {
            Metrics = metrics,
            Seconds = ReadNumber(json, "seconds") ?? throw new FormatException("it has no seconds"),
            ImagesPerSecond = ReadNumber(json, "images_per_second"),
            Seed = (long?)ReadNumber(json, "seed"),
            Command = ReadText(json, "command") ?? "",
            Dataset = ReadText(json, "dataset"),
            Split = ReadText(json, "split"),
            Weights = ReadText(json, "weights"),
            Epochs = (int?)ReadNumber(json, "epochs"),
            PretrainedAP = ReadNumber(json, RunResult.PretrainedAPName) ?? ReadNumber(json, RunResult.FirstPretrainedAPName),
            CalibrationSummary = hasCalibration ? calibration : null,
            SkippedImages = ReadList(json, "skipped_images"),
            AdditionalMetrics =
            [
                .. json.EnumerateObject().Where(property => !known.Contains(property.Name) && property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null)
                    .Select(property => KeyValuePair.Create(property.Name, ReadNumber(json, property.Name) ?? double.NaN)),
            ],
            Sections =
            [
                .. json.EnumerateObject().Where(property => !known.Contains(property.Name) && property.Name != "per_class" && property.Value.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null))
                    .Select(property => KeyValuePair.Create(property.Name, property.Value.Clone())),
            ],
        };
    }

    private static double? ReadNumber(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : throw new FormatException($"its {name} is not a number")
            : null;

    private static string? ReadText(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string[] ReadList(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];
}
