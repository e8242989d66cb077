using System.Text.Json;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Core.Tests.Evaluation.Coco;

public sealed class CocoReportsTests
{
    private static readonly CocoMetrics Metrics = CocoEvaluator.Evaluate(
        new CocoGroundTruth(
            "truth",
            [1],
            [new(1, "cat"), new(2, "dog"), new(4, "dog")],
            [new(1, 1, 1, new(0, 0, 40, 40), 1600, false), new(2, 1, 1, new(100, 0, 40, 40), 1600, false), new(3, 1, 4, new(0, 100, 10, 10), 100, false)]),
        new CocoResults(
            "results",
            [
                new(1, 1, new(0, 0, 40, 40), 0.9),
                new(1, 1, new(500, 0, 40, 40), 0.8),
                new(1, 1, new(100, 0, 40, 40), 0.8),
                new(1, 1, new(700, 0, 40, 40), 0.2),
                new(1, 4, new(0, 100, 10, 8), 0.6),
            ]));

    [Fact]
    public void Json_has_the_twelve_numbers_and_each_class()
    {
        JsonElement root = JsonDocument.Parse(Metrics.ToJson()).RootElement;
        Assert.Equal(
            ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl", "per_class"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(-1, root.GetProperty("APl").GetDouble());
        JsonElement classes = root.GetProperty("per_class");
        Assert.Equal(["cat", "dog", "dog (4)"], classes.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR100", "ground_truths", "ground_truths_small", "ground_truths_medium", "ground_truths_large"],
            classes.GetProperty("cat").EnumerateObject().Select(property => property.Name));
        Assert.Equal(2, classes.GetProperty("cat").GetProperty("ground_truths").GetInt32());
        Assert.Equal(-1, classes.GetProperty("dog").GetProperty("AP").GetDouble());
        Assert.Equal(Metrics.PerClass[2].AP, classes.GetProperty("dog (4)").GetProperty("AP").GetDouble());
    }

    [Fact]
    public void Table_shows_each_number_and_n_a_for_what_is_undefined()
    {
        string[] lines = CocoMetricsTable.Format(Metrics).Split(Environment.NewLine);
        Assert.Equal("       AP     AP50     AP75      APs      APm      APl", lines[0]);
        Assert.EndsWith("      n/a", lines[1], StringComparison.Ordinal);
        Assert.Equal("class   objects       AP     AP50     AP75    AR100", lines[5]);
        Assert.StartsWith("cat           2", lines[6], StringComparison.Ordinal);
        Assert.Equal("dog           0      n/a      n/a      n/a      n/a", lines[7]);
    }

    [Fact]
    public void A_curve_has_one_point_for_each_threshold_that_can_be_set()
    {
        PrecisionRecallCurve curve = PrecisionRecall.Curve(Metrics, 0);
        Assert.Equal([0.9, 0.8, 0.2], curve.Scores);
        Assert.Equal([1, 2 / 3.0, 0.5], curve.Precision);
        Assert.Equal([0.5, 1, 1], curve.Recall);
        Assert.Equal([2 / 3.0, 0.8, 4 / 6.0], curve.F1);
        Assert.Equal(0.8, curve.BestThreshold);
        Assert.Equal(0.8, curve.BestF1);
    }

    [Fact]
    public void Each_class_has_metrics_by_size()
    {
        ClassMetrics cat = Metrics.PerClass[0];
        Assert.Equal((0, 2, 0), (cat.SmallGroundTruths, cat.MediumGroundTruths, cat.LargeGroundTruths)); // two of 40 × 40 px
        Assert.Equal((-1, cat.AP, -1), (cat.APs, cat.APm, cat.APl));
        Assert.Equal((1, Metrics.APs), (Metrics.PerClass[2].SmallGroundTruths, Metrics.PerClass[2].APs)); // the only small object there is
    }

    [Fact]
    public void A_curve_is_thinned_to_its_ends_and_its_best()
    {
        double[] scores = [.. Enumerable.Range(0, 1000).Select(i => 1 - (0.001 * i))];
        PrecisionRecallCurve curve = new("cat", 0.5, 1, scores, scores, scores, [.. Enumerable.Range(0, 1000).Select(i => i == 123 ? 0.9 : 0.1)]);

        int[] points = curve.Downsample(50);

        Assert.Equal(50, points.Length);
        Assert.Equal((0, 999), (points[0], points[^1]));
        Assert.Contains(123, points);
        Assert.Equal(Enumerable.Range(0, 1000), curve.Downsample(1000));
    }

    [Fact]
    public void Pooled_classes_share_one_threshold()
    {
        PrecisionRecallCurve curve = PrecisionRecall.Pooled(Metrics);
        Assert.Equal([0.9, 0.8, 0.6, 0.2], curve.Scores);
        Assert.Equal([1, 2 / 3.0, 3 / 4.0, 3 / 5.0], curve.Precision);
        Assert.Equal([1 / 3.0, 2 / 3.0, 1, 1], curve.Recall);
        Assert.Equal(0.6, curve.BestThreshold);
    }

    [Fact]
    public void A_class_without_detections_has_no_best_threshold()
    {
        PrecisionRecallCurve curve = PrecisionRecall.Curve(Metrics, 1, 0.75);
        Assert.Empty(curve.Scores);
        Assert.Null(curve.BestThreshold);
        Assert.Equal(0, curve.BestF1);
    }

    [Fact]
    public void Interpolated_precision_averages_to_the_class_AP()
    {
        Assert.Equal(Metrics.PerClass[0].AP50, PrecisionRecall.Interpolated(Metrics, 0).Average(), 1e-12);
        Assert.Equal(Metrics.PerClass[2].AP75, PrecisionRecall.Interpolated(Metrics, 2, 0.75).Average(), 1e-12);
        Assert.Throws<ArgumentException>(() => PrecisionRecall.Interpolated(Metrics, 0, 0.51));
    }
}
