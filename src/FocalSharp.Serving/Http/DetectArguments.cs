using System.Globalization;
using FocalSharp.Serving.Models;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>
/// What a request asks for beside its image, in the query or as text fields of its form. An unknown name is refused: a mistyped
/// threshold that is ignored would look like a result.
/// </summary>
/// <param name="Limits">Threshold and number.</param>
/// <param name="Png">Whether a picture is wanted as PNG rather than JPEG.</param>
internal sealed record DetectArguments(DetectionLimits Limits, bool Png)
{
    public const string Threshold = "threshold";
    public const string MaxDetections = "max_detections";
    public const string Format = "format";

    /// <summary>Most detections that one image may be asked for.</summary>
    public const int MaxDetectionsLimit = 1000;

    /// <summary>Reads the arguments.</summary>
    /// <param name="query">The query.</param>
    /// <param name="fields">The form's text fields, empty for a raw body.</param>
    /// <param name="known">The names that this route takes.</param>
    /// <param name="limits">What holds where nothing is asked for.</param>
    /// <exception cref="ApiException">A name is unknown, given twice, or its value out of range.</exception>
    public static DetectArguments Read(IQueryCollection query, IReadOnlyDictionary<string, string> fields, IReadOnlyList<string> known, DetectionLimits limits)
    {
        Dictionary<string, string> given = new(fields, StringComparer.Ordinal);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            Require(values.Count == 1 && given.TryAdd(name, values[0]!), $"{UploadName.Sanitize(name)}: is given more than once.");
        }

        foreach (string name in given.Keys.Where(name => !known.Contains(name, StringComparer.Ordinal)))
        {
            throw BadParameter($"{UploadName.Sanitize(name)}: there is no such parameter.{Suggestions.DidYouMean(UploadName.Sanitize(name), known)} Known: {string.Join(", ", known)}.");
        }

        return new DetectArguments(new DetectionLimits(ReadThreshold(given, limits), ReadMax(given, limits)), ReadPng(given));
    }

    private static double ReadThreshold(Dictionary<string, string> given, DetectionLimits limits)
    {
        if (!given.TryGetValue(Threshold, out string? text))
        {
            return limits.ScoreThreshold;
        }

        Require(
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double threshold) && threshold is >= 0 and <= 1,
            $"{Threshold}: '{UploadName.Sanitize(text)}' is no number from 0 to 1.");
        return threshold;
    }

    private static int ReadMax(Dictionary<string, string> given, DetectionLimits limits)
    {
        if (!given.TryGetValue(MaxDetections, out string? text))
        {
            return limits.MaxDetections;
        }

        Require(
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int max) && max is >= 1 and <= MaxDetectionsLimit,
            $"{MaxDetections}: '{UploadName.Sanitize(text)}' is no whole number from 1 to {MaxDetectionsLimit}.");
        return max;
    }

    private static bool ReadPng(Dictionary<string, string> given)
    {
        string format = given.GetValueOrDefault(Format, "jpeg");
        Require(format is "jpeg" or "png", $"{Format}: '{UploadName.Sanitize(format)}' is neither jpeg nor png.");
        return format is "png";
    }

    private static void Require(bool condition, string error)
    {
        if (!condition)
        {
            throw BadParameter(error);
        }
    }

    private static ApiException BadParameter(string error) => new(StatusCodes.Status400BadRequest, "bad_parameter", error);
}
