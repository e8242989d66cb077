using System.Globalization;

namespace FocalSharp.TestSupport;

/// <summary>Checks a deviation from the reference and records it for <c>eng/golden</c>'s table.</summary>
internal static class GoldenReport
{
    private static readonly Lock Gate = new();
    private static readonly string? File = Environment.GetEnvironmentVariable("FOCALSHARP_GOLDEN_REPORT");

    /// <summary>Records the deviation; fails unless it is a number within the tolerance.</summary>
    public static void Record(string group, string caseId, double deviation, double tolerance)
    {
        if (!string.IsNullOrEmpty(File))
        {
            lock (Gate)
            {
                System.IO.File.AppendAllText(File, string.Create(
                    CultureInfo.InvariantCulture, $"{group}\t{caseId}\t{deviation:R}\t{tolerance:R}\n"));
            }
        }

        Assert.True(deviation <= tolerance, string.Create(
            CultureInfo.InvariantCulture, $"{group} {caseId}: deviation {deviation:E3} exceeds {tolerance:E1}"));
    }

    /// <summary>|actual − expected| / max(|expected|, floor): relative, absolute near zero. Equal infinities and NaNs deviate by 0.</summary>
    public static double Relative(double actual, double expected, double floor = 0.1) =>
        actual.Equals(expected) ? 0 : Math.Abs(actual - expected) / Math.Max(Math.Abs(expected), floor);

    /// <summary>The largest relative deviation of two sequences; infinite where their lengths differ.</summary>
    public static double MaxRelative(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double floor = 0.1)
    {
        if (actual.Length != expected.Length)
        {
            return double.PositiveInfinity;
        }

        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double deviation = Relative(actual[i], expected[i], floor);
            worst = double.IsNaN(deviation) ? double.PositiveInfinity : Math.Max(worst, deviation);
        }

        return worst;
    }
}
