using System.Globalization;
using System.Text.Json;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime.Metadata;

/// <summary>Reads an ONNX file's metadata. The metadata is untrusted.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="metadata">Its metadata.</param>
internal sealed class ModelMetadataReader(string path, IReadOnlyDictionary<string, string> metadata)
{
    private const string Prefix = "focalsharp.";
    private const int MaxCharacters = 4 << 20;
    private const int MaxClasses = 100_000;
    private const int MaxNameCharacters = 1000;

    /// <summary>Keys that preprocessing and postprocessing need.</summary>
    private static readonly string[] RequiredKeys =
    [
        "format", "variant", "classes", "strides", "reg_max", "resize", "divisor", "mean", "std", "score_threshold", "iou_threshold", "max_detections",
    ];

    public ModelInfo Read()
    {
        string[] missing = [.. RequiredKeys.Where(key => !metadata.ContainsKey(Prefix + key)).Select(key => Prefix + key)];
        if (missing.Length == RequiredKeys.Length)
        {
            throw new ModelException(
                $"{path}: is an ONNX file without FocalSharp's metadata, so its classes and preprocessing are unknown. "
                + "Use a file that FocalSharp exported, or import it if it is a published export of a known detector.")
            { Path = path };
        }

        if (missing.Length > 0)
        {
            throw new ModelException($"{path}: lacks the metadata {string.Join(", ", missing)}. Export the model again.");
        }

        if (ReadText("format") is var format && format != "1")
        {
            throw new ModelException($"{path}: has format '{Truncate(format)}'; this version of FocalSharp reads format 1. Update FocalSharp, or export again.");
        }

        ResizeRule rule = ResizeRuleSerializer.FromJson(path, ReadText("resize"));
        int divisor = (int)ReadNumber("divisor", 1, 4096);
        ModelInfo info = new()
        {
            Name = ReadOptional("model") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(path),
            Variant = ReadVariant(),
            Classes = ReadClasses(),
            Strides = ReadStrides(),
            RegMax = (int)ReadNumber("reg_max", 1, 1024),
            CenterOffset = metadata.ContainsKey(Prefix + "center_offset") ? ReadNumber("center_offset", 0, 1, whole: false) : 0,
            Resize = rule.Divisor == divisor ? rule : throw InvalidMetadata("divisor", $"{divisor}, but the resize rule pads to multiples of {rule.Divisor}"),
            Mean = ReadTriple("mean", float.MinValue),
            Std = ReadTriple("std", float.Epsilon),
            Postprocess = new PostprocessOptions
            {
                ScoreThreshold = ReadNumber("score_threshold", 0, 1, whole: false),
                NmsThreshold = ReadNumber("iou_threshold", 0, 1, whole: false),
                MaxDetections = (int)ReadNumber("max_detections", 1, DetectOptions.MaxDetectionsLimit),
                MaxPerLevel = metadata.ContainsKey(Prefix + "max_per_level") ? (int)ReadNumber("max_per_level", 0, int.MaxValue) : new PostprocessOptions().MaxPerLevel,
            },
            License = ReadOptional("licence"),
            Run = ReadOptional("run"),
        };
        return info.WithCalibration(metadata.TryGetValue(DetectionCalibration.MetadataKey, out string? calibration)
            ? DetectionCalibrationJson.Parse(path, calibration, info.Classes.Count)
            : null);
    }

    private ModelVariant ReadVariant() => ReadText("variant") switch
    {
        "detections" => ModelVariant.Detections,
        "candidates" => ModelVariant.Candidates,
        "raw" => ModelVariant.Raw,
        string other => throw InvalidMetadata("variant", $"'{Truncate(other)}', not detections, candidates or raw"),
    };

    private string[] ReadClasses()
    {
        string[] names = ReadList("classes", element => element.ValueKind is JsonValueKind.String ? element.GetString()! : throw InvalidMetadata("classes", "not a list of names"));
        return names.Length is > 0 and <= MaxClasses && names.All(name => name.Length <= MaxNameCharacters)
            ? names
            : throw InvalidMetadata("classes", $"{names.Length} names; 1 to {MaxClasses} of at most {MaxNameCharacters} characters are supported");
    }

    private int[] ReadStrides()
    {
        int[] strides = ReadList("strides", element => element.TryGetInt32(out int stride) ? stride : 0);
        return strides.Length is > 0 and <= 16 && strides.All(stride => stride is >= 1 and <= 4096)
            ? strides
            : throw InvalidMetadata("strides", "not a list of 1 to 16 strides in pixels");
    }

    private float[] ReadTriple(string key, float min)
    {
        float[] values = ReadList(key, element => element.TryGetSingle(out float value) ? value : float.NaN);
        return values.Length == 3 && values.All(value => float.IsFinite(value) && value >= min)
            ? values
            : throw InvalidMetadata(key, "not three numbers, one per channel");
    }

    private T[] ReadList<T>(string key, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadText(key), new JsonDocumentOptions { MaxDepth = 4 });
            return [.. document.RootElement.EnumerateArray().Select(read)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw InvalidMetadata(key, "not a JSON list");
        }
    }

    private double ReadNumber(string key, double min, double max, bool whole = true) =>
        double.TryParse(ReadText(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && number >= min && number <= max && (!whole || number == Math.Floor(number))
            ? number
            : throw InvalidMetadata(key, $"'{Truncate(ReadText(key))}', not a number from {min} to {max}");

    private string ReadText(string key) => metadata[Prefix + key] is { Length: <= MaxCharacters } text
        ? text
        : throw InvalidMetadata(key, $"longer than {MaxCharacters} characters");

    private string ReadOptional(string key) => metadata.TryGetValue(Prefix + key, out string? text) && text.Length <= MaxCharacters ? text : "";

    private ModelException InvalidMetadata(string key, string what) =>
        new($"{path}: its metadata {Prefix}{key} is {what}; the file was damaged or edited. Export the model again.");

    private static string Truncate(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
