using System.Text.Encodings.Web;
using System.Text.Json;

namespace FocalSharp.Datasets.Formats;

/// <summary>What all writers of JSON share.</summary>
internal static class JsonOutput
{
    /// <summary>Readable class names instead of escapes, and two spaces of indentation, as the labeling tools write.</summary>
    public static readonly JsonWriterOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>Writes a coordinate: six decimals are finer than the resolution of a float32 pixel, and avoid 0.30000001192092896.</summary>
    public static double Round(double value) => Math.Round(value, 6);
}
