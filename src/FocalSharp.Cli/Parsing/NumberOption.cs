using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace FocalSharp.Cli.Parsing;

/// <summary>Creates options that take a number in a range. A wrong value is an error that states the range.</summary>
internal static class NumberOption
{
    /// <summary>Creates an option without a default value.</summary>
    /// <param name="name">The option, such as <c>--epochs</c>.</param>
    /// <param name="unit">The placeholder of the value in the help text.</param>
    /// <param name="description">The help text.</param>
    /// <param name="min">Smallest value.</param>
    /// <param name="max">Largest value.</param>
    public static Option<T?> Create<T>(string name, string unit, string description, T min, T max)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name)
        {
            HelpName = unit,
            Description = description,
            CustomParser = result => Parse(result, name, min, max),
        };

    /// <summary>Creates an option with a default value, which the help text shows.</summary>
    /// <param name="name">The option, such as <c>--port</c>.</param>
    /// <param name="unit">The placeholder of the value in the help text.</param>
    /// <param name="description">The help text.</param>
    /// <param name="min">Smallest value.</param>
    /// <param name="max">Largest value.</param>
    /// <param name="defaultValue">The value if the option is not given.</param>
    public static Option<T> Create<T>(string name, string unit, string description, T min, T max, T defaultValue)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name)
        {
            HelpName = unit,
            Description = description,
            CustomParser = result => Parse(result, name, min, max) ?? defaultValue,
            DefaultValueFactory = _ => defaultValue,
        };

    /// <summary>Parses the option's value, or adds an error and returns null.</summary>
    public static T? Parse<T>(ArgumentResult result, string name, T min, T max)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        if (result.Tokens is not [Token token])
        {
            return null; // the parser reports the missing value
        }

        bool whole = T.IsInteger(T.One / (T.One + T.One)); // 1 / 2 is 0 in whole numbers
        NumberStyles style = whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        if (T.TryParse(token.Value, style, CultureInfo.InvariantCulture, out T value) && value >= min && value <= max)
        {
            return value;
        }

        string kind = whole ? "a whole number" : "a number";
        string range = max == T.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{kind} of at least {min}")
            : string.Create(CultureInfo.InvariantCulture, $"{kind} from {min} to {max}");
        result.AddError($"{name} takes {range}, not '{token.Value}'.");
        return null;
    }
}
