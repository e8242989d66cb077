using System.Globalization;
using FocalSharp.Runtime;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>
/// The parameters of a detection request, from the query string or the text fields of the form. Unknown names are rejected: ignoring a
/// misspelled threshold would return a wrong result without notice.
/// </summary>
/// <param name="ScoreThreshold">The minimum score, exclusive, 0 to 1; null for the default.</param>
/// <param name="MaxCount">The maximum number of detections per image, at least 1; null for the default.</param>
/// <param name="Png">Whether to return a PNG instead of a JPEG.</param>
internal sealed record DetectArguments(double? ScoreThreshold, int? MaxCount, bool Png)
{
    public const string Threshold = "threshold";
    public const string MaxDetections = "max_detections";
    public const string Format = "format";

    /// <summary>The largest value of <c>max_detections</c>.</summary>
    public const int MaxDetectionsLimit = 1000;

    /// <summary>Reads the parameters.</summary>
    /// <param name="query">The query string.</param>
    /// <param name="fields">The text fields of the form; empty for a raw body.</param>
    /// <param name="known">The names that the route accepts.</param>
    /// <exception cref="ApiException">A name is unknown or given twice, or a value is out of range.</exception>
    public static DetectArguments Read(IQueryCollection query, IReadOnlyDictionary<string, string> fields, IReadOnlyList<string> known)
    {
        Dictionary<string, string> given = new(fields, StringComparer.Ordinal);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            Require(values.Count == 1 && given.TryAdd(name, values[0]!), $"{UploadName.Sanitize(name)}: given more than once.");
        }

        foreach ((string name, string value) in given)
        {
            // A number may be followed by zero characters, which no person typed.
            Require(!value.Any(char.IsControl), $"{UploadName.Sanitize(name)}: contains a control character.");
        }

        foreach (string name in given.Keys.Where(name => !known.Contains(name, StringComparer.Ordinal)))
        {
            throw BadParameter($"{UploadName.Sanitize(name)}: unknown parameter.{Suggestions.DidYouMean(UploadName.Sanitize(name), known)} Valid parameters: {string.Join(", ", known)}.");
        }

        return new DetectArguments(ReadThreshold(given), ReadMax(given), ReadPng(given));
    }

    /// <summary>Returns the limits for a model, with the defaults where the request passes none.</summary>
    public DetectionLimits GetLimits(ModelInfo model, DetectOptions options)
    {
        DetectionLimits defaults = DetectionLimits.GetDefaults(model, options);
        return new DetectionLimits(
            ScoreThreshold ?? defaults.ScoreThreshold, MaxCount ?? defaults.MaxDetections, ScoreThreshold is null ? defaults.ClassThresholds : null);
    }

    private static double? ReadThreshold(Dictionary<string, string> given)
    {
        if (!given.TryGetValue(Threshold, out string? text))
        {
            return null;
        }

        Require(
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double threshold) && threshold is >= 0 and <= 1,
            $"{Threshold}: '{UploadName.Sanitize(text)}' is not a number between 0 and 1.");
        return threshold;
    }

    private static int? ReadMax(Dictionary<string, string> given)
    {
        if (!given.TryGetValue(MaxDetections, out string? text))
        {
            return null;
        }

        Require(
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int max) && max is >= 1 and <= MaxDetectionsLimit,
            $"{MaxDetections}: '{UploadName.Sanitize(text)}' is not an integer between 1 and {MaxDetectionsLimit}.");
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
