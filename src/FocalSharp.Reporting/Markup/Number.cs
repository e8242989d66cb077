using System.Globalization;

namespace FocalSharp.Reporting.Markup;

/// <summary>Formats numbers.</summary>
internal static class Number
{
    /// <summary>Formats a score with three decimals; a dash if it is undefined (−1 or NaN).</summary>
    public static string FormatScore(double value) =>
        double.IsNaN(value) || value <= -1 ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−');
}
