using FocalSharp.Cli.Parsing;

namespace FocalSharp.Cli.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("20m", 1200)]
    [InlineData("1.5h", 5400)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d2h3m4s", 93784)]
    public void Parses_durations_with_units(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(seconds, duration.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("m")]
    [InlineData("0m")]
    [InlineData("-5m")]
    [InlineData("30m1h")]
    [InlineData("5m5m")]
    [InlineData("20 minutes")]
    [InlineData("1e9h")]
    [InlineData("99999999999999999999d")]
    public void Rejects_ambiguous_or_invalid_durations(string text) => Assert.False(Duration.TryParse(text, out _));
}
