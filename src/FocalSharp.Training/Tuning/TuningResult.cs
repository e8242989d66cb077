using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Reporting;

namespace FocalSharp.Training.Tuning;

/// <summary>What a tuning measured and chose; a run's <c>tuning.json</c>.</summary>
internal sealed record TuningResult
{
    private const string FileName = "tuning.json";

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Gets what was measured and chosen, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>Gets the number of held-out images.</summary>
    public int HeldOutImages { get; init; }

    /// <summary>Gets the steps of a trial.</summary>
    public int TrialSteps { get; init; }

    /// <summary>Gets the seconds of the tuning.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the measurements in order.</summary>
    public IReadOnlyList<TuningMeasurement> Measurements { get; init; } = [];

    /// <summary>Writes the file.</summary>
    /// <exception cref="FileException">The folder cannot be written to.</exception>
    public void Save(RunFolder folder) => AtomicFile.WriteText(folder.GetPath(FileName), JsonSerializer.Serialize(this, JsonOptions) + "\n");

    /// <summary>Returns the measurements of a run for its report, or null if it was not tuned or its file cannot be read.</summary>
    public static TuningTable? ReadTable(RunFolder folder)
    {
        string path = folder.GetPath(FileName);
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<TuningResult>(File.ReadAllBytes(path), JsonOptions) is { } result
                ? new TuningTable(result.Summary, result.HeldOutImages, [.. (result.Measurements ?? []).Select(row => row.ToRow())])
                : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A setting measured on the held-out images.</summary>
internal sealed record TuningMeasurement
{
    /// <summary>Gets the setting.</summary>
    public required string Setting { get; init; }

    /// <summary>Gets the AP; null for pretrained weights with other classes.</summary>
    [JsonPropertyName("AP")]
    public double? AP { get; init; }

    /// <summary>Gets the AP at IoU 0.5.</summary>
    [JsonPropertyName("AP50")]
    public double AP50 { get; init; }

    /// <summary>Gets, for pretrained weights, the pretrained class that detects each class best, with its AP50.</summary>
    public IReadOnlyList<ClassMatch>? Matches { get; init; }

    /// <summary>Gets the AP minus the AP of the best setting before it, or null for the first.</summary>
    public double? Difference { get; init; }

    /// <summary>Gets the standard error of the difference.</summary>
    public double? StandardError { get; init; }

    /// <summary>Gets whether the setting replaced the best one before it.</summary>
    public bool Accepted { get; init; }

    /// <summary>Gets the seconds of the measurement.</summary>
    public double Seconds { get; init; }

    internal TuningTableRow ToRow() => new(Setting, AP, AP50, Difference, StandardError, Accepted);
}
