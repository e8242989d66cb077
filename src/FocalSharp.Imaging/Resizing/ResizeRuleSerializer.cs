using System.Globalization;
using System.Text.Json;

namespace FocalSharp.Imaging.Resizing;

/// <summary>The resize rule as it travels with a model: free facts beside weights, a JSON object in an ONNX file.</summary>
public static class ResizeRuleSerializer
{
    private const string ModeKey = "resize_mode";
    private const string StretchValue = "stretch";
    private const string KeepRatioValue = "keep_ratio";
    private const string LongSideKey = "resize_long_side";
    private const string ShortSideKey = "resize_short_side";
    private const string DivisorKey = "resize_divisor";
    private const int MaxSide = 16384;

    /// <summary>The rule as facts, to be saved with the weights.</summary>
    public static IReadOnlyDictionary<string, string> ToMetadata(ResizeRule rule) => new Dictionary<string, string>
    {
        [ModeKey] = GetModeName(rule.Mode),
        [LongSideKey] = rule.LongSide.ToString(CultureInfo.InvariantCulture),
        [ShortSideKey] = rule.ShortSide.ToString(CultureInfo.InvariantCulture),
        [DivisorKey] = rule.Divisor.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The rule that facts state; the official 1333x800 where they state none, as imported weights do.</summary>
    /// <exception cref="FocalSharpException">A stated number is none, or beyond reason.</exception>
    public static ResizeRule FromMetadata(string path, IReadOnlyDictionary<string, string> info)
    {
        ResizeRule official = new();
        return new ResizeRule
        {
            Mode = info.GetValueOrDefault(ModeKey, KeepRatioValue) switch
            {
                KeepRatioValue => ResizeMode.KeepRatio,
                StretchValue => ResizeMode.Stretch,
                _ => throw new FocalSharpException($"{path}: its {ModeKey} is '{info[ModeKey]}', neither {KeepRatioValue} nor {StretchValue}; the file was damaged or edited."),
            },
            LongSide = ReadNumber(path, info, LongSideKey, official.LongSide),
            ShortSide = ReadNumber(path, info, ShortSideKey, official.ShortSide),
            Divisor = ReadNumber(path, info, DivisorKey, official.Divisor),
        };
    }

    /// <summary>The facts as one JSON object of numbers.</summary>
    public static string ToJson(ResizeRule rule) =>
        $$"""{"{{ModeKey}}":"{{GetModeName(rule.Mode)}}","{{LongSideKey}}":{{rule.LongSide}},"{{ShortSideKey}}":{{rule.ShortSide}},"{{DivisorKey}}":{{rule.Divisor}}}""";

    /// <summary>The rule that a JSON object states, its values numbers or text; all sizes must be there.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="FocalSharpException">It is no such object, or a number is missing or beyond reason.</exception>
    public static ResizeRule FromJson(string path, string json)
    {
        Dictionary<string, string> info = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                info[property.Name] = property.Value.ToString();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FocalSharpException($"{path}: its resize rule is no JSON object; the file was damaged or edited.", exception);
        }

        foreach (string key in (string[])[LongSideKey, ShortSideKey, DivisorKey])
        {
            if (!info.ContainsKey(key))
            {
                throw new FocalSharpException($"{path}: its resize rule lacks '{key}'; export the model again.");
            }
        }

        return FromMetadata(path, info);
    }

    private static string GetModeName(ResizeMode mode) => mode == ResizeMode.Stretch ? StretchValue : KeepRatioValue;

    private static int ReadNumber(string path, IReadOnlyDictionary<string, string> info, string key, int otherwise) =>
        !info.TryGetValue(key, out string? text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= MaxSide ? number
        : throw new FocalSharpException($"{path}: its {key} is '{text}', not a number of pixels up to {MaxSide}; the file was damaged or edited.");
}
