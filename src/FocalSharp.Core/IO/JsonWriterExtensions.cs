using System.Text.Json;

namespace FocalSharp.IO;

/// <summary>Writes numbers that may not be finite, which JSON does not have.</summary>
internal static class JsonWriterExtensions
{
    /// <summary>Writes a number; null if it is undefined or not finite.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="value">The number.</param>
    /// <param name="decimals">The decimals to round to; null to write the number as it is.</param>
    public static void WriteFinite(this Utf8JsonWriter writer, string name, double? value, int? decimals = null)
    {
        writer.WritePropertyName(name);
        writer.WriteFiniteValue(value is { } number && decimals is { } digits ? Math.Round(number, digits) : value);
    }

    /// <summary>Writes an element that is a number; null if it is undefined or not finite.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The number.</param>
    public static void WriteFiniteValue(this Utf8JsonWriter writer, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
