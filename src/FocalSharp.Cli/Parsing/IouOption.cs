using System.CommandLine;
using System.Globalization;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Cli.Parsing;

/// <summary><c>--iou</c>: the IoU thresholds of an evaluation, as one number, a list or a range.</summary>
internal static class IouOption
{
    private const string Form = "a number above 0 and up to 1, a list such as 0.5,0.75, or a range START:END:STEP such as 0.5:0.95:0.05";

    /// <summary>Creates the option.</summary>
    public static Option<string?> Create(string description)
    {
        Option<string?> option = new("--iou") { HelpName = "RANGE", Description = description };
        option.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(token => token.Value).Where(text => Parse(text) is null))
            {
                result.AddError($"--iou takes {Form}, not '{text}'.");
            }
        });
        return option;
    }

    /// <summary>Returns the thresholds, ascending; null if the text is not valid.</summary>
    public static IReadOnlyList<double>? Parse(string text)
    {
        double[]? values = text.Contains(':', StringComparison.Ordinal) ? ParseRange(text.Split(':')) : ParseNumbers(text.Split(','));
        return values is { Length: > 0 and <= CocoEvaluationOptions.MaxThresholds } && values.All(value => value is > 0 and <= 1)
            && values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second) ? values : null;
    }

    private static double[]? ParseRange(string[] parts)
    {
        if (parts.Length != 3 || ParseNumbers(parts) is not [var start, var end, var step] || !(step > 0) || !(end >= start))
        {
            return null;
        }

        // A range that ends on a step is spaced as COCO's thresholds are, to the last bit.
        double steps = (end - start) / step;
        if (steps > CocoEvaluationOptions.MaxThresholds)
        {
            return null;
        }

        int whole = (int)Math.Floor(steps + 1e-9);
        return whole == 0 ? [start]
            : Math.Abs(steps - whole) < 1e-9 ? CocoEvaluationOptions.Linspace(start, end, whole + 1)
            : [.. Enumerable.Range(0, whole + 1).Select(i => start + (i * step))];
    }

    private static double[]? ParseNumbers(string[] parts)
    {
        double[] values = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out values[i]))
            {
                return null;
            }
        }

        return values;
    }
}
