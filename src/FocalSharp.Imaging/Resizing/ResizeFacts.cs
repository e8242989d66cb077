using System.Globalization;
using System.Text.Json;

namespace FocalSharp.Imaging.Resizing;

/// <summary>The resize rule as it travels with a model: free facts beside weights, a JSON object in an ONNX file.</summary>
public static class ResizeFacts
{
    private const string Mode = "resize_mode";
    private const string Stretched = "stretch";
    private const string Kept = "keep_ratio";
    private const string LongSide = "resize_long_side";
    private const string ShortSide = "resize_short_side";
    private const string Divisor = "resize_divisor";
    private const int Most = 16384;

    /// <summary>The rule as facts, to be saved with the weights.</summary>
    public static IReadOnlyDictionary<string, string> Of(ResizeRule rule) => new Dictionary<string, string>
    {
        [Mode] = NameOf(rule.Mode),
        [LongSide] = rule.LongSide.ToString(CultureInfo.InvariantCulture),
        [ShortSide] = rule.ShortSide.ToString(CultureInfo.InvariantCulture),
        [Divisor] = rule.Divisor.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The rule that facts state; the official 1333x800 where they state none, as imported weights do.</summary>
    /// <exception cref="UserErrorException">A stated number is none, or beyond reason.</exception>
    public static ResizeRule Read(string path, IReadOnlyDictionary<string, string> facts)
    {
        ResizeRule official = new();
        return new ResizeRule
        {
            Mode = facts.GetValueOrDefault(Mode, Kept) switch
            {
                Kept => ResizeMode.KeepRatio,
                Stretched => ResizeMode.Stretch,
                _ => throw new UserErrorException($"{path}: its {Mode} is '{facts[Mode]}', neither {Kept} nor {Stretched}; the file was damaged or edited."),
            },
            LongSide = Number(path, facts, LongSide, official.LongSide),
            ShortSide = Number(path, facts, ShortSide, official.ShortSide),
            Divisor = Number(path, facts, Divisor, official.Divisor),
        };
    }

    /// <summary>The facts as one JSON object of numbers.</summary>
    public static string ToJson(ResizeRule rule) =>
        $$"""{"{{Mode}}":"{{NameOf(rule.Mode)}}","{{LongSide}}":{{rule.LongSide}},"{{ShortSide}}":{{rule.ShortSide}},"{{Divisor}}":{{rule.Divisor}}}""";

    /// <summary>The rule that a JSON object states, its values numbers or text; all sizes must be there.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="UserErrorException">It is no such object, or a number is missing or beyond reason.</exception>
    public static ResizeRule FromJson(string path, string json)
    {
        Dictionary<string, string> facts = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                facts[property.Name] = property.Value.ToString();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new UserErrorException($"{path}: its resize rule is no JSON object; the file was damaged or edited.", exception);
        }

        foreach (string key in (string[])[LongSide, ShortSide, Divisor])
        {
            if (!facts.ContainsKey(key))
            {
                throw new UserErrorException($"{path}: its resize rule lacks '{key}'; export the model again.");
            }
        }

        return Read(path, facts);
    }

    private static string NameOf(ResizeMode mode) => mode == ResizeMode.Stretch ? Stretched : Kept;

    private static int Number(string path, IReadOnlyDictionary<string, string> facts, string key, int otherwise) =>
        !facts.TryGetValue(key, out string? text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= Most ? number
        : throw new UserErrorException($"{path}: its {key} is '{text}', not a number of pixels up to {Most}; the file was damaged or edited.");
}
