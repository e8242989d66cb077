using System.Globalization;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Training.Inference;

/// <summary>Keeps the resize rule beside the weights, among the checkpoint's free facts.</summary>
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
        [Mode] = rule.Mode == ResizeMode.Stretch ? Stretched : Kept,
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

    private static int Number(string path, IReadOnlyDictionary<string, string> facts, string key, int otherwise) =>
        !facts.TryGetValue(key, out string? text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= Most ? number
        : throw new UserErrorException($"{path}: its {key} is '{text}', not a number of pixels up to {Most}; the file was damaged or edited.");
}
