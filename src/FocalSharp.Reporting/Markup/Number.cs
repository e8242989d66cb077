using System.Globalization;

namespace FocalSharp.Reporting.Markup;

/// <summary>Numbers as the page writes them.</summary>
internal static class Number
{
    /// <summary>A score with three decimals; a dash where it is undefined (−1 or NaN in COCO's tables).</summary>
    public static string FormatScore(double value) =>
        double.IsNaN(value) || value <= -1 ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture).Replace('-', '−');
}
