using System.Globalization;
using System.Text.Json;
using FocalSharp.Decoding;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime.Models;

/// <summary>Reads an ONNX file's metadata; whoever wrote them is not trusted.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="metadata">Its metadata.</param>
internal sealed class ModelMetadataReader(string path, IReadOnlyDictionary<string, string> metadata)
{
    private const string Prefix = "focalsharp.";
    private const int MostCharacters = 4 << 20;
    private const int MostClasses = 100_000;
    private const int MostNameCharacters = 1000;

    /// <summary>Keys without which images cannot become inputs, or outputs detections.</summary>
    private static readonly string[] Needed =
    [
        "format", "variant", "classes", "strides", "reg_max", "resize", "divisor", "mean", "std", "score_threshold", "iou_threshold", "max_detections",
    ];

    public ModelInfo Read()
    {
        string[] missing = [.. Needed.Where(key => !metadata.ContainsKey(Prefix + key)).Select(key => Prefix + key)];
        if (missing.Length == Needed.Length)
        {
            throw new UserErrorException(
                $"{path}: is an ONNX file without FocalSharp's metadata, so neither its classes nor its preprocessing are known. "
                + "Export the model with 'focalsharp export'.");
        }

        if (missing.Length > 0)
        {
            throw new UserErrorException($"{path}: lacks the metadata {string.Join(", ", missing)}. Export the model again with 'focalsharp export'.");
        }

        if (Text("format") is var format && format != "1")
        {
            throw new UserErrorException($"{path}: has format '{Short(format)}'; this version of FocalSharp reads format 1. Update FocalSharp, or export again.");
        }

        ResizeRule rule = ResizeFacts.FromJson(path, Text("resize"));
        int divisor = (int)Number("divisor", 1, 4096);
        return new ModelInfo
        {
            Name = Optional("model") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(path),
            Variant = Variant(),
            Classes = Classes(),
            Strides = Strides(),
            RegMax = (int)Number("reg_max", 1, 1024),
            CenterOffset = metadata.ContainsKey(Prefix + "center_offset") ? Number("center_offset", 0, 1, whole: false) : 0,
            Resize = rule.Divisor == divisor ? rule : throw Bad("divisor", $"{divisor}, but the resize rule pads to multiples of {rule.Divisor}"),
            Mean = Triple("mean", float.MinValue),
            Std = Triple("std", float.Epsilon),
            Postprocess = new PostprocessOptions
            {
                ScoreThreshold = Number("score_threshold", 0, 1, whole: false),
                NmsThreshold = Number("iou_threshold", 0, 1, whole: false),
                MaxDetections = (int)Number("max_detections", 1, DetectOptions.MostDetections),
                MaxPerLevel = metadata.ContainsKey(Prefix + "max_per_level") ? (int)Number("max_per_level", 0, int.MaxValue) : new PostprocessOptions().MaxPerLevel,
            },
            Licence = Optional("licence"),
            Run = Optional("run"),
        };
    }

    private ModelVariant Variant() => Text("variant") switch
    {
        "detections" => ModelVariant.Detections,
        "candidates" => ModelVariant.Candidates,
        "raw" => ModelVariant.Raw,
        string other => throw Bad("variant", $"'{Short(other)}', not detections, candidates or raw"),
    };

    private string[] Classes()
    {
        string[] names = List("classes", element => element.ValueKind is JsonValueKind.String ? element.GetString()! : throw Bad("classes", "no list of names"));
        return names.Length is > 0 and <= MostClasses && names.All(name => name.Length <= MostNameCharacters)
            ? names
            : throw Bad("classes", $"{names.Length} names; 1 to {MostClasses} of at most {MostNameCharacters} characters are read");
    }

    private int[] Strides()
    {
        int[] strides = List("strides", element => element.TryGetInt32(out int stride) ? stride : 0);
        return strides.Length is > 0 and <= 16 && strides.All(stride => stride is >= 1 and <= 4096)
            ? strides
            : throw Bad("strides", "no list of 1 to 16 numbers of pixels");
    }

    private float[] Triple(string key, float least)
    {
        float[] values = List(key, element => element.TryGetSingle(out float value) ? value : float.NaN);
        return values.Length == 3 && values.All(value => float.IsFinite(value) && value >= least)
            ? values
            : throw Bad(key, "not three numbers, one a channel");
    }

    private T[] List<T>(string key, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Text(key), new JsonDocumentOptions { MaxDepth = 4 });
            return [.. document.RootElement.EnumerateArray().Select(read)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Bad(key, "no JSON list");
        }
    }

    private double Number(string key, double least, double most, bool whole = true) =>
        double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && number >= least && number <= most && (!whole || number == Math.Floor(number))
            ? number
            : throw Bad(key, $"'{Short(Text(key))}', not a number from {least} to {most}");

    private string Text(string key) => metadata[Prefix + key] is { Length: <= MostCharacters } text
        ? text
        : throw Bad(key, $"longer than {MostCharacters} characters");

    private string Optional(string key) => metadata.TryGetValue(Prefix + key, out string? text) && text.Length <= MostCharacters ? text : "";

    private UserErrorException Bad(string key, string what) =>
        new($"{path}: its metadata {Prefix}{key} is {what}; the file was damaged or edited. Export the model again.");

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
