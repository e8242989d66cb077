using System.Globalization;

namespace FocalSharp.Explorer.Losses;

/// <summary>Named numbers, as a query string or a script gives them.</summary>
/// <param name="values">Texts by name; lists are separated by commas.</param>
internal sealed class LossArguments(IReadOnlyDictionary<string, string> values)
{
    private const int MaxListLength = 129;

    /// <summary>A number within bounds.</summary>
    /// <exception cref="FocalSharpException">It is missing without a default, no number, or out of bounds.</exception>
    public double Number(string name, double min, double max, double? fallback = null)
    {
        double value = !values.TryGetValue(name, out string? text) || text.Length == 0
            ? fallback ?? throw new FocalSharpException($"{name} is missing: give a number in [{min}, {max}].")
            : Parse(name, text);
        return value >= min && value <= max
            ? value
            : throw new FocalSharpException($"{name} is {value}; it must lie in [{min}, {max}].");
    }

    /// <summary>A probability strictly between 0 and 1, where logits are finite.</summary>
    /// <exception cref="FocalSharpException">It is missing, no number, or not between.</exception>
    public double Probability(string name) => Number(name, 0, 1) is var p and > 0 and < 1
        ? p
        : throw new FocalSharpException($"{name} must lie between 0 and 1, without the ends: there the loss is infinite.");

    /// <summary>A number, or null where it is not given.</summary>
    /// <exception cref="FocalSharpException">It is no number, or out of bounds.</exception>
    public double? Optional(string name, double min, double max) => values.ContainsKey(name) ? Number(name, min, max) : null;

    /// <summary>Numbers separated by commas.</summary>
    /// <exception cref="FocalSharpException">They are missing, too few, too many, or no numbers within ±1e6.</exception>
    public double[] List(string name, int min, int max = MaxListLength)
    {
        double[] list = values.TryGetValue(name, out string? text) ? [.. text.Split(',', MaxListLength + 1).Select(part => Parse(name, part))] : [];
        if (list.Length < min || list.Length > max)
        {
            throw new FocalSharpException($"{name} holds {list.Length} numbers; give {(min == max ? $"{min}" : $"{min} to {max}")}, separated by commas.");
        }

        return list.All(value => Math.Abs(value) <= 1e6) ? list : throw new FocalSharpException($"{name} holds a number beyond ±1,000,000.");
    }

    private static double Parse(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new FocalSharpException($"{name}: '{(text.Length > 40 ? text[..40] + "…" : text)}' is not a number.");
}
