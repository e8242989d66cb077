using System.Globalization;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tuning.Search;

/// <summary>A recipe key and the values that a search draws from: a range, uniform or logarithmic, or a list.</summary>
internal sealed record SearchParameter
{
    private SearchParameter(string key) => Key = key;

    /// <summary>Gets the dotted recipe key.</summary>
    public string Key { get; }

    /// <summary>Gets the smallest value of a range.</summary>
    public double Min { get; private init; }

    /// <summary>Gets the largest value of a range.</summary>
    public double Max { get; private init; }

    /// <summary>Gets whether the logarithm is drawn uniformly.</summary>
    public bool IsLogarithmic { get; private init; }

    /// <summary>Gets the values of a list; empty for a range.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>Gets the default parameters of fine-tuning: what mattered most in docs/results.md, ablations.</summary>
    public static IReadOnlyList<SearchParameter> Defaults { get; } =
    [
        Parse("optimizer.learningRate=0.00005..0.003:log"),
        Parse("optimizer.backboneFactor=0.03..1:log"),
        Parse("optimizer.weightDecay=0.001..0.1:log"),
        Parse("augmentation.affine=0..1"),
        Parse("augmentation.photometric=0..1"),
        Parse("augmentation.mosaic=0|0.5"),
        Parse("input=320|416|512|640"),
    ];

    /// <summary>The key that sets both sides of the input.</summary>
    public const string InputKey = "input";

    /// <summary>Parses <c>KEY=MIN..MAX</c>, <c>KEY=MIN..MAX:log</c> or <c>KEY=A|B|C</c>.</summary>
    /// <exception cref="OptionException">It is neither, or the range is empty.</exception>
    public static SearchParameter Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        OptionException.ThrowUnless(equals > 0, $"'{text}': write KEY=MIN..MAX, KEY=MIN..MAX:log or KEY=A|B|C, for example optimizer.learningRate=0.0001..0.01:log.");
        string key = text[..equals].Trim();
        string values = text[(equals + 1)..].Trim();
        if (!values.Contains("..", StringComparison.Ordinal))
        {
            string[] choices = values.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            OptionException.ThrowUnless(choices.Length >= 2, $"'{text}': a list needs at least two values, separated by |; a range is written MIN..MAX.");
            return new SearchParameter(key) { Choices = choices };
        }

        bool log = values.EndsWith(":log", StringComparison.OrdinalIgnoreCase);
        string[] bounds = (log ? values[..^4] : values).Split("..");
        bool valid = bounds.Length == 2
            & double.TryParse(bounds[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double min)
            & double.TryParse(bounds[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double max);
        OptionException.ThrowUnless(
            valid && double.IsFinite(min) && double.IsFinite(max) && min < max && (!log || min > 0),
            $"'{text}': a range is MIN..MAX with MIN below MAX{(log ? ", both above 0 for a logarithmic one" : "")}.");
        return new SearchParameter(key) { Min = min, Max = max, IsLogarithmic = log };
    }

    /// <summary>Draws a value.</summary>
    public string Sample(ref AugmentationRandom random)
    {
        if (Choices.Count > 0)
        {
            return Choices[random.NextInt(Choices.Count)];
        }

        double value = IsLogarithmic ? Math.Exp(random.Uniform(Math.Log(Min), Math.Log(Max))) : random.Uniform(Min, Max);
        return value.ToString("G4", CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the place of a value on the parameter's axis, 0 to 1.</summary>
    public double GetPosition(string value)
    {
        if (Choices.Count > 0)
        {
            int index = Math.Max(0, Choices.ToList().IndexOf(value));
            return (double)index / (Choices.Count - 1);
        }

        double number = double.Parse(value, CultureInfo.InvariantCulture);
        return Math.Clamp(
            IsLogarithmic ? (Math.Log(Math.Max(number, Min)) - Math.Log(Min)) / (Math.Log(Max) - Math.Log(Min)) : (number - Min) / (Max - Min), 0, 1);
    }

    /// <summary>Returns the recipe with a value set.</summary>
    /// <exception cref="OptionException">The key is unknown, or the value is invalid.</exception>
    public Recipe Apply(Recipe recipe, string value) => Key != InputKey
        ? RecipeBook.Set(recipe, $"{Key}={value}")
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            ? recipe with { Input = recipe.Input.WithSize(size) }
            : throw new OptionException($"'{value}' is not an input size in pixels.");

    /// <summary>Returns the value of the recipe.</summary>
    public string Read(Recipe recipe)
    {
        string key = Key == InputKey ? "input.shortSide" : Key;
        return RecipeBook.Flatten(recipe).FirstOrDefault(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase)).Value
            ?? throw new OptionException($"There is no recipe key '{Key}'.");
    }
}
