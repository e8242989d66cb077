using FocalSharp.Evaluation.Calibration.Fitting;
using FocalSharp.Evaluation.Calibration.Thresholds;

namespace FocalSharp.Core.Tests.Evaluation.Calibration.Thresholds;

public sealed class ThresholdFinderTests
{
    // 22 objects all found show a recall of 0.9 with confidence 0.9 (0.9²² = 0.098); 21 do not (0.109). With one missed, 38 are needed.
    [Theory]
    [InlineData(22, 0, true)]
    [InlineData(21, 0, false)]
    [InlineData(37, 1, true)]
    [InlineData(36, 1, false)]
    public void A_recall_needs_as_many_objects_as_its_exact_test(int found, int missed, bool isShown)
    {
        double[] scores = [.. Enumerable.Repeat(0.8, found), .. Enumerable.Repeat(-1.0, missed)];
        ClassThreshold threshold = ThresholdFinder.FindRecall(scores, 0.9, 0.9);
        Assert.Equal(isShown, threshold.Threshold is not null);
        Assert.Equal((found, found + missed, 22), (threshold.Successes, threshold.Count, threshold.Required));
        Assert.Equal(isShown, threshold.LowerBound >= 0.9);
    }

    // Of 38 objects 37 must be found, so the threshold lies between the two lowest scores.
    [Fact]
    public void The_threshold_is_the_largest_that_holds_the_recall()
    {
        double[] scores = [.. Enumerable.Range(1, 38).Select(i => i / 100.0)];
        ClassThreshold threshold = ThresholdFinder.FindRecall(scores, 0.9, 0.9);
        Assert.Equal(0.015, threshold.Threshold!.Value, 9);
        Assert.Equal(37, threshold.Successes);
    }

    [Fact]
    public void Objects_with_equal_scores_are_found_together()
    {
        double[] scores = [.. Enumerable.Repeat(0.4, 10), .. Enumerable.Repeat(0.8, 28)];
        ClassThreshold threshold = ThresholdFinder.FindRecall(scores, 0.9, 0.9);
        Assert.Equal((0.2, 38), (threshold.Threshold!.Value, threshold.Successes));
    }

    // Detections above 0.5 are right, those below are wrong.
    [Fact]
    public void A_precision_holds_down_to_where_wrong_detections_begin()
    {
        ScoreSample[] samples = [.. Enumerable.Range(0, 3000).Select(i => (Image: i % 300, Score: ((i * 7) % 1000) / 1000.0))
            .Select(one => new ScoreSample(one.Image, 0, one.Score, one.Score > 0.5 ? 0.9 : 0, 0))];
        ClassThreshold threshold = ThresholdFinder.FindPrecision(samples, 300, 0.95, 0.9);
        Assert.InRange(threshold.Threshold!.Value, 0.47, 0.5);
        Assert.True(threshold.LowerBound >= 0.95);
    }

    [Fact]
    public void A_precision_that_no_threshold_has_is_not_shown()
    {
        ScoreSample[] samples = [.. Enumerable.Range(0, 3000).Select(i => new ScoreSample(i % 300, 0, ((i * 7) % 1000) / 1000.0, i % 2 == 0 ? 0.9 : 0, 0))];
        Assert.Null(ThresholdFinder.FindPrecision(samples, 300, 0.95, 0.9).Threshold);
    }

    // The guarantee itself: over many draws from a known distribution, the chosen threshold has the recall in at least the confidence's fraction.
    [Fact]
    public void The_recall_holds_with_the_confidence()
    {
        const int Draws = 400;
        Random random = new(7);
        int held = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            double[] scores = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
            held += 1 - ThresholdFinder.FindRecall(scores, 0.9, 0.9).Threshold!.Value >= 0.9 ? 1 : 0; // uniform scores: recall = 1 − threshold
        }

        Assert.InRange(held, 0.86 * Draws, 0.97 * Draws); // exact level 0.9 or a little above, within three standard errors
    }
}
