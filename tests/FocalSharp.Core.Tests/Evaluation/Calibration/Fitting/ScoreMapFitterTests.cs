using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;
using FocalSharp.Evaluation.Calibration.Fitting;

namespace FocalSharp.Core.Tests.Evaluation.Calibration.Fitting;

public sealed class ScoreMapFitterTests
{
    // The maximum of the likelihood is where the mean prediction equals the mean target in both groups: a logistic map through two points.
    [Fact]
    public void A_logistic_map_of_two_scores_passes_through_their_means()
    {
        ScoreSample[] samples = [.. Samples(0.3, 20, 5), .. Samples(0.7, 20, 16)];
        ScoreMap map = LogisticFit.Fit(samples, fitIntercept: true)!;
        Assert.Equal(0.25, map.Map(0.3), 6);
        Assert.Equal(0.8, map.Map(0.7), 6);
    }

    // With one score, the temperature that gives the mean is logit(score) / logit(mean).
    [Fact]
    public void A_temperature_of_one_score_gives_its_mean()
    {
        ScoreMap map = LogisticFit.Fit([.. Samples(0.9, 20, 15)], fitIntercept: false)!;
        Assert.Equal(Math.Log(3) / Math.Log(9), map.Slope, 6);
    }

    // Blocks 0 of 2, then (1 of 2, 1 of 2) pooled because equal values are one block, then 3 of 3; half a success and half a failure added.
    [Fact]
    public void Isotonic_knots_are_the_pooled_means()
    {
        ScoreSample[] samples = [.. Samples(0.1, 2, 0), .. Samples(0.4, 2, 1), .. Samples(0.5, 2, 1), .. Samples(0.9, 3, 3)];
        ScoreMap map = IsotonicFit.Fit(samples)!;
        Assert.Equal([0.1, 0.45, 0.9], map.X.ToArray().Select(x => Math.Round(x, 9)));
        double[] expected = [0.5 / 3, 2.5 / 5, 3.5 / 4];
        Assert.Equal(expected.Zip([0.1, 0.45, 0.9]).Select(pair => Math.Round((0.999 * pair.First) + (0.001 * pair.Second), 9)), map.Y.ToArray().Select(y => Math.Round(y, 9)));
    }

    [Fact]
    public void Scores_that_are_right_are_not_changed()
    {
        Random random = new(3);
        ScoreSample[] samples = [.. Enumerable.Range(0, 4000).Select(i => (Image: i % 100, Score: random.NextDouble()))
            .Select(one => new ScoreSample(one.Image, 0, one.Score, 0, random.NextDouble() < one.Score ? 1 : 0))];
        ScoreMap? map = ScoreMapFitter.Fit(samples, 100);
        Assert.All(new[] { 0.1, 0.3, 0.5, 0.7, 0.9 }, score => Assert.Equal(score, map?.Map(score) ?? score, 0.03));
    }

    [Fact]
    public void Overconfident_scores_are_lowered()
    {
        Random random = new(4);
        ScoreSample[] samples = [.. Enumerable.Range(0, 6000).Select(i => (Image: i % 100, Score: random.NextDouble()))
            .Select(one => new ScoreSample(one.Image, 0, one.Score, 0, random.NextDouble() < one.Score * one.Score ? 1 : 0))];
        ScoreMap map = ScoreMapFitter.Fit(samples, 100)!;
        Assert.All(new[] { 0.3, 0.5, 0.7, 0.9 }, score => Assert.Equal(score * score, map.Map(score), 0.05));
    }

    [Fact]
    public void A_second_detection_of_an_object_matches_nothing()
    {
        DatasetImage image = new()
        {
            Id = 1,
            FileName = "a.jpg",
            Path = "a.jpg",
            Width = 100,
            Height = 100,
            Objects = [new ObjectAnnotation { Label = 0, Box = new Box(0, 0, 10, 10) }],
        };
        Detection first = new(new Box(0, 0, 10, 8), 0, 0.9f, default);
        Detection second = new(new Box(0, 0, 10, 10), 0, 0.4f, default);
        IReadOnlyList<ScoreSample> samples = ScoreMapFitter.Observe([image], [[second, first]]);
        Assert.Equal([0.8, 0], samples.Select(sample => Math.Round(sample.Target, 6)));
        Assert.Equal([1, 0], ScoreMapFitter.Observe([image], [[second, first]], ScoreMapFitter.PrecisionTarget).Select(sample => sample.Target));
    }

    private static IEnumerable<ScoreSample> Samples(double score, int count, int successes) =>
        Enumerable.Range(0, count).Select(i => new ScoreSample(i, 0, score, 0, i < successes ? 1 : 0));
}
