using System.Globalization;
using System.Text.Json;
using FocalSharp.Checkpoints;

namespace FocalSharp.Imaging.Resizing;

/// <summary>Serializes the resize rule with a model: as metadata of weights, as a JSON object in an ONNX file.</summary>
internal static class ResizeRuleSerializer
{
    private const string ModeKey = ResizeMetadata.ModeKey;
    private const string StretchValue = ResizeMetadata.StretchValue;
    private const string WarpValue = ResizeMetadata.WarpValue;
    private const string StretchBicubicValue = ResizeMetadata.StretchBicubicValue;
    private const string KeepRatioValue = ResizeMetadata.KeepRatioValue;
    private const string LongSideKey = ResizeMetadata.LongSideKey;
    private const string ShortSideKey = ResizeMetadata.ShortSideKey;
    private const string DivisorKey = "resize_divisor";
    private const string StretchRangeKey = ResizeMetadata.StretchRangeKey;
    private const string True = "true";
    private const int MaxSide = 16384;

    /// <summary>Returns the rule as metadata of weights.</summary>
    public static IReadOnlyDictionary<string, string> ToMetadata(ResizeRule rule)
    {
        Dictionary<string, string> info = new()
        {
            [ModeKey] = GetModeName(rule.Mode),
            [LongSideKey] = rule.LongSide.ToString(CultureInfo.InvariantCulture),
            [ShortSideKey] = rule.ShortSide.ToString(CultureInfo.InvariantCulture),
            [DivisorKey] = rule.Divisor.ToString(CultureInfo.InvariantCulture),
        };
        if (rule.StretchRange)
        {
            info[StretchRangeKey] = True;
        }

        return info;
    }

    /// <summary>Reads the rule from metadata; missing values are the official ones (1333x800), as for imported weights.</summary>
    /// <exception cref="ModelException">A value is not a number, or out of range.</exception>
    public static ResizeRule FromMetadata(string path, IReadOnlyDictionary<string, string> info)
    {
        ResizeRule official = new();
        return new ResizeRule
        {
            Mode = info.GetValueOrDefault(ModeKey, KeepRatioValue) switch
            {
                KeepRatioValue => ResizeMode.KeepRatio,
                StretchValue => ResizeMode.Stretch,
                WarpValue => ResizeMode.Warp,
                StretchBicubicValue => ResizeMode.StretchBicubic,
                _ => throw new ModelException(
                    $"{path}: its {ModeKey} is '{info[ModeKey]}', not {KeepRatioValue}, {StretchValue}, {WarpValue} or {StretchBicubicValue}; the file was damaged or edited."),
            },
            LongSide = ReadNumber(path, info, LongSideKey, official.LongSide),
            ShortSide = ReadNumber(path, info, ShortSideKey, official.ShortSide),
            Divisor = ReadNumber(path, info, DivisorKey, official.Divisor),
            StretchRange = string.Equals(info.GetValueOrDefault(StretchRangeKey), True, StringComparison.OrdinalIgnoreCase), // JSON's true reads as True
        };
    }

    /// <summary>Returns the rule as a JSON object.</summary>
    public static string ToJson(ResizeRule rule) =>
        $$"""{"{{ModeKey}}":"{{GetModeName(rule.Mode)}}","{{LongSideKey}}":{{rule.LongSide}},"{{ShortSideKey}}":{{rule.ShortSide}},"{{DivisorKey}}":{{rule.Divisor}}"""
        + (rule.StretchRange ? $$""","{{StretchRangeKey}}":true}""" : "}");

    /// <summary>Reads the rule from a JSON object whose values are numbers or strings. All sizes are required.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="ModelException">It is not such an object, or a number is missing or out of range.</exception>
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
            throw new ModelException($"{path}: its resize rule is not a JSON object; the file was damaged or edited.", exception);
        }

        foreach (string key in (string[])[LongSideKey, ShortSideKey, DivisorKey])
        {
            if (!info.ContainsKey(key))
            {
                throw new ModelException($"{path}: its resize rule lacks '{key}'; export the model again.");
            }
        }

        return FromMetadata(path, info);
    }

    private static string GetModeName(ResizeMode mode) => mode switch
    {
        ResizeMode.Stretch => StretchValue,
        ResizeMode.Warp => WarpValue,
        ResizeMode.StretchBicubic => StretchBicubicValue,
        _ => KeepRatioValue,
    };

    private static int ReadNumber(string path, IReadOnlyDictionary<string, string> info, string key, int otherwise) =>
        !info.TryGetValue(key, out string? text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= MaxSide ? number
        : throw new ModelException($"{path}: its {key} is '{text}', not a number of pixels up to {MaxSide}; the file was damaged or edited.");
}
