using FocalSharp.Detections.Calibration;

namespace FocalSharp.Core.Tests.Detections.Calibration;

public sealed class ScoreMapTests
{
    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.8, 2.0 / 3)] // odds 4, half the logit: odds 2
    [InlineData(0.2, 1.0 / 3)]
    public void A_temperature_of_2_takes_the_root_of_the_odds(double score, double expected) => Assert.Equal(expected, new ScoreMap(0.5, 0).Map(score), 12);

    [Fact]
    public void An_intercept_multiplies_the_odds() => Assert.Equal(0.75, new ScoreMap(1, Math.Log(3)).Map(0.5), 12); // odds 1 · 3

    [Fact]
    public void An_isotonic_map_is_linear_between_its_knots()
    {
        ScoreMap map = new([0.2, 0.6], [0.1, 0.9]);
        Assert.Equal([0, 0.05, 0.1, 0.5, 0.9, 0.95, 1], new[] { 0, 0.1, 0.2, 0.4, 0.6, 0.8, 1 }.Select(score => Math.Round(map.Map(score), 12)));
    }

    public static TheoryData<string> Kinds => ["logistic", "isotonic"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Maps_increase_strictly_and_their_inverse_returns_the_score(string kind)
    {
        ScoreMap map = kind == "logistic" ? new(0.7, -1.2) : new([0.1, 0.3, 0.8], [0.05, 0.4, 0.41]);
        double[] scores = [.. Enumerable.Range(1, 999).Select(i => i / 1000.0)];
        double[] mapped = [.. scores.Select(map.Map)];
        Assert.All(mapped.Zip(mapped.Skip(1)), pair => Assert.True((float)pair.First < (float)pair.Second));
        Assert.All(scores.Zip(mapped), pair => Assert.Equal(pair.First, map.Invert(pair.Second), 9));
    }
}
