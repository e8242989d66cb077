using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Core.Tests.Detections.Calibration;

public sealed class DetectionCalibrationJsonTests
{
    private const string Edges = """{"scale":{"constant":[0.5,1,1]},"factor":2,"levels":[0.8,0.9],"shift":[0,0,0,0],"all":{"boxes":3,"edge":[1,2],"box":[2,null]},"classes":{},"sizes":{}}""";

    private static readonly Detection Found = new(new Box(10, 20, 110, 220), 1, 0.8f, new SideValues(1, 2, 3, 4));

    [Fact]
    public void A_calibration_reads_back_as_it_was_written()
    {
        double[] bound = [5, 5, 5, 5, 5, 5, 5, 5];
        DeviationScale scale = new([0.5, 1, 1, 0, -0.2, 0, 0.1, 0], [.. bound.Select(value => -value)], bound);
        double[] levels = [0.8, 0.9];
        double[] shift = [0.1, 0, 0, -0.1];
        DetectionCalibration calibration = new()
        {
            Scores = new ScoreMap([0.2, 0.6], [0.1, 0.9]),
            ScoreTarget = "precision",
            Source = new CalibrationSource("cells", "val", 40, 300),
            Edges = new EdgeIntervalModel(
                scale, 1.5, new(levels, [1, 2], [3, double.PositiveInfinity], shift, 200), new Dictionary<int, IntervalRow> { [1] = new(levels, [1.5, 2.5], [3, 4], shift, 70) }, []),
            Thresholds = new ScoreThresholds("recall", 0.95, 0.9, [0.2, null]),
        };

        string json = DetectionCalibrationJson.Write(calibration);
        DetectionCalibration read = DetectionCalibrationJson.Parse("model", json, 2);

        Assert.Equal(json, DetectionCalibrationJson.Write(read));
        Assert.Equal(calibration.Apply(Found).Score, read.Apply(Found).Score);
        Assert.Equal(calibration.Apply(Found).Deviation, read.Apply(Found).Deviation);
        Assert.Equal(calibration.Apply(Found).GetInterval(0.9), read.Apply(Found).GetInterval(0.9));
        Assert.Equal([0.2, null], read.Thresholds!.ByClass);
        Assert.Equal(calibration.Source, read.Source);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":1,"scores":{"target":"iou","slope":0,"intercept":0}}""")]
    [InlineData("""{"format":1,"scores":{"target":"iou","slope":1e999,"intercept":0}}""")]
    [InlineData("""{"format":1,"scores":{"target":"iou","x":[0.5,0.4],"y":[0.1,0.2]}}""")]
    [InlineData("""{"format":1,"scores":{"target":"iou","x":[0.5],"y":[0.1,0.2]}}""")]
    [InlineData("""{"format":1,"thresholds":{"metric":"recall","target":0.9,"confidence":0.9,"classes":[0.1]}}""")]
    [InlineData("""{"format":1,"thresholds":{"metric":"recall","target":0.9,"confidence":0.9,"classes":[0.1,2]}}""")]
    [InlineData("""{"format":1,"data":"x"}""")]
    public void A_damaged_calibration_is_an_error_of_the_model(string json) =>
        Assert.Contains("model.onnx", Assert.Throws<ModelException>(() => DetectionCalibrationJson.Parse("model.onnx", json, 2)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"factor\":2", "\"factor\":-2")]
    [InlineData("[0.8,0.9]", "[0.9,0.8]")]
    [InlineData("\"constant\":[0.5,1,1]", "\"constant\":[0.5,1]")]
    [InlineData("\"constant\"", "\"other\"")]
    [InlineData("\"edge\":[1,2]", "\"edge\":[1]")]
    [InlineData("\"edge\":[1,2]", "\"edge\":[1,-2]")]
    [InlineData("\"classes\":{}", "\"classes\":{\"2\":{\"boxes\":1,\"edge\":[1,1],\"box\":[1,1]}}")]
    public void Damaged_intervals_are_an_error_of_the_model(string part, string damaged)
    {
        string json = $$"""{"format":1,"edges":{{Edges}}}""";
        Assert.NotNull(DetectionCalibrationJson.Parse("model", json, 2).Edges);
        Assert.Throws<ModelException>(() => DetectionCalibrationJson.Parse("model", json.Replace(part, damaged, StringComparison.Ordinal), 2));
    }

    [Theory]
    [InlineData("[0.8,0.9]", "[0.7,0.8]")]
    [InlineData("\"classes\":{}", "\"classes\":{\"1\":{\"boxes\":1,\"edge\":[1,1],\"box\":[1,1]},\"01\":{\"boxes\":1,\"edge\":[1,1],\"box\":[1,1]}}")]
    public void Missing_levels_and_classes_listed_twice_are_errors_of_the_model(string part, string damaged) => Assert.Throws<ModelException>(
        () => DetectionCalibrationJson.Parse("model", $$"""{"format":1,"edges":{{Edges}}}""".Replace(part, damaged, StringComparison.Ordinal), 2));

    // A file is untrusted: every change of a few characters either reads, and then applies, or is an error of the model.
    [Fact]
    public void Random_changes_are_read_or_are_errors_of_the_model()
    {
        const string Valid = """{"format":1,"data":"x","split":"val","images":3,"boxes":4,"scores":{"target":"iou","x":[0.2,0.6],"y":[0.1,0.9]},"edges":""" + Edges
            + ""","thresholds":{"metric":"recall","target":0.9,"confidence":0.9,"classes":[0.1,null]}}""";
        const string Letters = "0123456789.-+eE[]{},:\"nulx \u0000";
        Random random = new(11);
        for (int i = 0; i < 5000; i++)
        {
            char[] text = Valid.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            }

            try
            {
                Detection applied = DetectionCalibrationJson.Parse("model", new string(text), 2).Apply(Found);
                Assert.True(float.IsFinite(applied.Score) && float.IsFinite(applied.Deviation.Left));
                _ = applied.GetInterval(DetectionCalibration.ReportedLevel);
            }
            catch (ModelException)
            {
                continue;
            }
        }
    }

    [Fact]
    public void A_newer_format_asks_to_update() => Assert.Contains(
        "Update FocalSharp", Assert.Throws<ModelException>(() => DetectionCalibrationJson.Parse("model", """{"format":2}""", 2)).Message, StringComparison.Ordinal);
}
