using System.Globalization;

namespace FocalSharp.Cli.Parsing;

/// <summary>Parses durations such as <c>90s</c>, <c>20m</c>, <c>1.5h</c>, <c>1h30m</c>.</summary>
internal static class Duration
{
    private static readonly TimeSpan Max = TimeSpan.FromDays(365);

    /// <summary>Parses a positive duration of at most a year. Every number needs a unit: d, h, m or s, each at most once, in this order.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        string units = "dhms";
        int at = 0;
        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            {
                end++;
            }

            int unit = end < text.Length ? units.IndexOf(text[end], StringComparison.Ordinal) : -1;
            if (unit < 0 || !double.TryParse(text.AsSpan(at, end - at), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                || number > Max.TotalSeconds)
            {
                return false;
            }

            duration += units[unit] switch
            {
                'd' => TimeSpan.FromDays(Math.Min(number, Max.TotalDays)),
                'h' => TimeSpan.FromHours(number),
                'm' => TimeSpan.FromMinutes(number),
                _ => TimeSpan.FromSeconds(number),
            };
            units = units[(unit + 1)..];
            at = end + 1;
        }

        return duration > TimeSpan.Zero && duration <= Max;
    }
}
