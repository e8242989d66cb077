using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.Cli.Parsing;

/// <summary>The options that choose how candidates become detections: <c>--nms</c>, <c>--rescore</c>, <c>--flip</c> and <c>--scales</c>.</summary>
internal sealed class PostprocessingArguments
{
    private const double MinScale = 0.25;
    private const double MaxScale = 4;
    private const int MaxScales = 8;

    private static readonly Dictionary<string, NmsMethod> Methods = new(StringComparer.Ordinal)
    {
        ["official"] = NmsMethod.Official,
        ["voting"] = NmsMethod.Voting,
        ["soft"] = NmsMethod.Soft,
        ["fusion"] = NmsMethod.Fusion,
    };

    public PostprocessingArguments()
    {
        Nms = new Option<string?>("--nms")
        {
            HelpName = "IOU|METHOD[:IOU]",
            Description = "How overlapping boxes of a class become one: official (the lower score is removed), voting (edges are averaged, weighted by their certainty), "
                + "soft (scores are reduced) or fusion (boxes are averaged); and the IoU from which they overlap [default: official, with the model's IoU]",
        };
        Nms.Validators.Add(result => Check(result, "--nms", text => ParseNms(text) is not null, "an IoU from 0 to 1, or official, voting, soft or fusion, such as voting:0.6"));
        Scales.Validators.Add(result => Check(
            result, "--scales", text => ParseScales(text) is not null, $"1 to {MaxScales} numbers from {MinScale} to {MaxScale.ToString(CultureInfo.InvariantCulture)}, such as 0.8,1.25"));
    }

    /// <summary>Gets <c>--nms</c>.</summary>
    public Option<string?> Nms { get; }

    /// <summary>Gets <c>--rescore</c>.</summary>
    public Option<bool> Rescore { get; } = new("--rescore") { Description = "Multiply scores by the IoU that is expected from the deviations of the edges" };

    /// <summary>Gets <c>--flip</c>.</summary>
    public Option<bool> Flip { get; } = new("--flip") { Description = "Detect in the mirrored image too, and fuse both results" };

    /// <summary>Gets <c>--scales</c>.</summary>
    public Option<string?> Scales { get; } = new("--scales") { HelpName = "LIST", Description = "Detect at these sizes too, relative to the model's input, such as 0.8,1.25, and fuse the results" };

    /// <summary>Returns options with the values of the command line.</summary>
    public DetectOptions Apply(ParseResult parsed, DetectOptions options)
    {
        (NmsMethod? method, double? iou) = parsed.GetValue(Nms) is { } text ? ParseNms(text)!.Value : (null, null);
        return options with
        {
            NmsMethod = method,
            IouThreshold = iou,
            RescoreByDeviation = parsed.GetValue(Rescore) ? true : null,
            FlipTest = parsed.GetValue(Flip) ? true : null,
            ScaleTest = parsed.GetResult(Scales) is not null && parsed.GetValue(Scales) is { } scales ? ParseScales(scales) : null,
        };
    }

    private static void Check(OptionResult result, string name, Func<string, bool> isValid, string expected)
    {
        foreach (string given in result.Tokens.Select(token => token.Value).Where(given => !isValid(given)))
        {
            result.AddError($"{name} takes {expected}, not '{given}'.");
        }
    }

    private static (NmsMethod? Method, double? Iou)? ParseNms(string text)
    {
        string[] parts = text.Split(':', 2);
        NmsMethod? method = Methods.TryGetValue(parts[0], out NmsMethod named) ? named : null;
        if (method is not null && parts.Length == 1)
        {
            return (method, null);
        }

        bool hasPlace = method is null == (parts.Length == 1);
        return hasPlace && double.TryParse(parts[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out double iou) && iou is >= 0 and <= 1 ? (method, iou) : null;
    }

    private static double[]? ParseScales(string text)
    {
        double[] scales = [.. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double scale) ? scale : double.NaN)];
        return scales.Length <= MaxScales && scales.All(scale => scale is >= MinScale and <= MaxScale) ? scales : null;
    }
}
