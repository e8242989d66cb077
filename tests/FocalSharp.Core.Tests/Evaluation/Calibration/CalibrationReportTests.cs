using System.Text;
using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration;

namespace FocalSharp.Core.Tests.Evaluation.Calibration;

public sealed class CalibrationReportTests
{
    [Fact]
    public void Scores_are_binned_by_tenths()
    {
        // Bin 3 holds 0.30 and 0.34, bin 9 holds 0.9 and 1: |0.32 − 0.5| and |0.95 − 0.85|, two of four detections each.
        ScoreCalibration score = ScoreCalibration.Compute([new(0.3, 0.4), new(0.34, 0.6), new(0.9, 0.8), new(1, 0.9)]);

        Assert.Equal(4, score.Count);
        Assert.Equal(10, score.Bins.Count);
        Assert.Equal(2, score.Bins[3].Count);
        Assert.Equal(0.32, score.Bins[3].MeanScore, 12);
        Assert.Equal(0.5, score.Bins[3].MeanIou, 12);
        Assert.Equal((0.9, 1.0, 2), (score.Bins[9].From, score.Bins[9].To, score.Bins[9].Count));
        Assert.Equal(0, score.Bins[0].Count);
        Assert.True(double.IsNaN(score.Bins[0].MeanIou));
        Assert.Equal((0.5 * 0.18) + (0.5 * 0.1), score.ExpectedCalibrationError, 12);
        Assert.Equal(1, score.Spearman, 12);
    }

    [Fact]
    public void The_true_IoU_is_the_highest_with_an_object_of_the_class()
    {
        DatasetImage image = Image(
            new ObjectAnnotation { Label = 0, Box = new Box(0, 0, 100, 100) },
            new ObjectAnnotation { Label = 1, Box = new Box(0, 0, 50, 100) });

        IReadOnlyList<ScoredOverlap> seen = ScoreCalibration.Observe([image], [[
            Found(new Box(0, 0, 50, 100), 0, 0.9f), Found(new Box(0, 0, 100, 100), 0, 0.5f), Found(new Box(0, 0, 100, 100), 2, 0.25f)]]);

        Assert.Equal([new(0.9f, 0.5), new(0.5f, 1), new(0.25f, 0)], seen);
    }

    [Fact]
    public void Detections_in_a_crowd_are_ignored()
    {
        DatasetImage image = Image(new ObjectAnnotation { Label = 0, Box = new Box(0, 0, 100, 100), IsCrowd = true });

        IReadOnlyList<ScoredOverlap> seen = ScoreCalibration.Observe(
            [image], [[Found(new Box(60, 0, 120, 10), 0, 0.9f), Found(new Box(80, 0, 140, 10), 0, 0.8f), Found(new Box(0, 0, 10, 10), 1, 0.7f)]]);

        Assert.Equal([0.8f, 0.7f], seen.Select(item => (float)item.Score));
    }

    [Fact]
    public void Coverage_counts_the_edges_within_one_and_two_deviations()
    {
        EdgeCalibration edges = EdgeCalibration.Compute([Edge(1, 1), Edge(2, 1), Edge(1, 1.5), Edge(2, 6)]);

        Assert.Equal(0.5, edges.CoverageOneSigma);
        Assert.Equal(0.75, edges.CoverageTwoSigma);
        Assert.Equal(1.5, edges.MeanDeviation);
        Assert.Equal(2.375, edges.MeanError);
        Assert.Equal(Math.Sqrt((1 + 1 + 2.25 + 36) / (1 + 4 + 1 + 4)), edges.ErrorOverDeviation, 12);
        Assert.Equal(4, edges.Bins.Count);
    }

    [Fact]
    public void Edges_are_binned_by_deviation_into_bins_of_equal_count()
    {
        EdgeCalibration edges = EdgeCalibration.Compute([.. Enumerable.Range(0, 20).Select(i => Edge(20 - i, i % 2 == 0 ? 3 : 4))]);

        Assert.Equal(10, edges.Bins.Count);
        Assert.Equal(new DeviationBin(2, 1.5, 3.5, Math.Sqrt(12.5)), edges.Bins[0]);
        Assert.Equal(19.5, edges.Bins[^1].MeanDeviation);
    }

    [Fact]
    public void Without_detections_values_are_undefined()
    {
        CalibrationReport report = CalibrationReport.Create([Image()], [[]]);

        Assert.Equal(0, report.Score.Count);
        Assert.Empty(report.Edges.Bins);
        Assert.Equal(8, report.Summary.Count);
        Assert.All(report.Summary, number => Assert.True(double.IsNaN(number.Value)));
        Assert.Equal(JsonValueKind.Null, Json(report).GetProperty("edges").GetProperty("coverage_1_sigma").ValueKind);
    }

    [Fact]
    public void Every_side_is_evaluated_separately_and_the_json_has_the_same_values()
    {
        DatasetImage image = Image(new ObjectAnnotation { Label = 0, Box = new Box(0, 0, 100, 100), SideBlur = new SideValues(1, 2, 3, 4) });

        CalibrationReport report = CalibrationReport.Create([image], [[Found(new Box(1, 4, 97, 100), 0, 0.75f)]]);

        // Errors 1, 4, 3, 0 with deviations 1, 2, 1, 1.
        Assert.Equal([1, 0, 0, 1], report.Sides.Select(side => side.CoverageOneSigma));
        Assert.Equal([1, 1, 0, 1], report.Sides.Select(side => side.CoverageTwoSigma));
        Assert.Equal(0.96 * 0.96, report.Score.Bins[7].MeanIou, 6);
        JsonElement json = Json(report);
        Assert.Equal(0.5, json.GetProperty("edges").GetProperty("coverage_1_sigma").GetDouble());
        Assert.Equal(4, json.GetProperty("edges").GetProperty("sides").GetProperty("top").GetProperty("mean_error").GetDouble());
        Assert.Equal(1, json.GetProperty("score").GetProperty("bins")[7].GetProperty("count").GetInt32());
    }

    private static JsonElement Json(CalibrationReport report)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            CalibrationJson.Write(writer, report);
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
    }

    private static EdgeObservation Edge(double deviation, double error) => new(0, deviation, error, null);

    private static Detection Found(Box box, int label, float score) => new(box, label, score, new SideValues(1, 2, 1, 1));

    private static DatasetImage Image(params ObjectAnnotation[] objects) =>
        new() { Id = 1, FileName = "a.png", Path = "a.png", Width = 200, Height = 200, Objects = objects };
}
