using System.Globalization;

namespace FocalSharp.Explorer.Losses;

/// <summary>The named numbers of a query string.</summary>
/// <param name="values">The texts by name; lists are separated by commas.</param>
internal sealed class LossArguments(IReadOnlyDictionary<string, string> values)
{
    private const int MaxListLength = 129;
    private const int MaxShownLength = 40;

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Returns a number within a range.</summary>
    /// <exception cref="OptionException">It is missing and has no default, is not a number, or is out of range.</exception>
    public double Number(string name, double min, double max, double? fallback = null)
    {
        double value = !TryGet(name, out string text) || text.Length == 0
            ? fallback ?? throw new OptionException($"{name} is missing: pass a number in [{min}, {max}].")
            : Parse(name, text);
        return value >= min && value <= max
            ? value
            : throw new OptionException($"{name} is {value}; it must be in [{min}, {max}].");
    }

    /// <summary>Returns a probability between 0 and 1, both exclusive, so that its logit is finite.</summary>
    /// <exception cref="OptionException">It is missing, is not a number, or is out of range.</exception>
    public double Probability(string name) => Number(name, 0, 1) is var p and > 0 and < 1
        ? p
        : throw new OptionException($"{name} must be greater than 0 and less than 1: at the ends the loss is infinite.");

    /// <summary>Returns a number, or null if it is missing.</summary>
    /// <exception cref="OptionException">It is not a number or is out of range.</exception>
    public double? Optional(string name, double min, double max) => TryGet(name, out _) ? Number(name, min, max) : null;

    /// <summary>Returns numbers separated by commas.</summary>
    /// <exception cref="OptionException">They are missing, too few, too many, or not numbers within ±1e6.</exception>
    public double[] List(string name, int min, int max = MaxListLength)
    {
        double[] list = TryGet(name, out string text) ? [.. text.Split(',', MaxListLength + 1).Select(part => Parse(name, part))] : [];
        if (list.Length < min || list.Length > max)
        {
            throw new OptionException($"{name} contains {list.Length} numbers; pass {(min == max ? $"{min}" : $"{min} to {max}")}, separated by commas.");
        }

        return list.All(value => Math.Abs(value) <= 1e6) ? list : throw new OptionException($"{name} contains a number outside ±1,000,000.");
    }

    /// <summary>Refuses arguments that no formula has read: a mistyped name would give the value of a default.</summary>
    /// <exception cref="OptionException">There are such arguments.</exception>
    public void RequireAllRead()
    {
        if (values.Keys.FirstOrDefault(name => !_read.Contains(name)) is { } unknown)
        {
            string shown = unknown.Length > MaxShownLength ? unknown[..MaxShownLength] + "…" : unknown;
            throw new OptionException($"'{shown}': unknown argument.{Suggestions.DidYouMean(shown, _read)} Valid arguments: {string.Join(", ", _read.Order(StringComparer.Ordinal))}.");
        }
    }

    private bool TryGet(string name, out string text)
    {
        _read.Add(name);
        bool found = values.TryGetValue(name, out string? value);
        text = value ?? "";
        return found;
    }

    private static double Parse(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && !text.Contains('\0', StringComparison.Ordinal)
            ? value
            : throw new OptionException($"{name}: '{(text.Length > MaxShownLength ? text[..MaxShownLength] + "…" : text)}' is not a number.");
}
