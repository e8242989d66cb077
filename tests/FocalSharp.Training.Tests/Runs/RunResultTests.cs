using System.Text.Json;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Reporting.Tests;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Tests.Runs;

public sealed class RunResultTests
{
    private static readonly CocoMetrics Metrics = SampleReport.Create().Metrics!;

    [Fact]
    public void Has_all_keys()
    {
        JsonElement json = Parse(new RunResult { Metrics = Metrics, Seconds = 1.5, Command = "focalsharp eval" });

        string[] promised =
        [
            "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl",
            "per_class", "seconds", "images_per_second", "seed", "command",
        ];
        Assert.All(promised, key => Assert.True(json.TryGetProperty(key, out _), key));
        Assert.Equal(Metrics.AP, json.GetProperty("AP").GetDouble());
        Assert.Equal(-1, json.GetProperty("APs").GetDouble()); // the sample has no small objects
        Assert.Equal(1.5, json.GetProperty("seconds").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("seed").ValueKind);
        Assert.Equal(Metrics.PerClass[0].AP, json.GetProperty("per_class").GetProperty(Metrics.PerClass[0].Name).GetProperty("AP").GetDouble());
    }

    [Fact]
    public void The_AP_before_training_is_written()
    {
        RunResult result = new() { Metrics = Metrics, Seconds = 1, Command = "c" };

        Assert.Equal(JsonValueKind.Null, Parse(result).GetProperty("AP_pretrained").ValueKind);
        Assert.Equal(0.25, Parse(result with { PretrainedAP = 0.25 }).GetProperty("AP_pretrained").GetDouble());
    }

    [Fact]
    public void NaN_becomes_null()
    {
        JsonElement json = Parse(new RunResult { Metrics = Metrics, Seconds = 1, Command = "c", AdditionalMetrics = [new("rho", double.NaN), new("sigma", 0.5)] });

        Assert.Equal(JsonValueKind.Null, json.GetProperty("rho").ValueKind);
        Assert.Equal(0.5, json.GetProperty("sigma").GetDouble());
    }

    [Fact]
    public void A_saved_result_is_loaded_with_all_numbers()
    {
        using TemporaryFolder folder = new();
        RunResult result = new()
        {
            Metrics = Metrics,
            Seconds = 1.5,
            ImagesPerSecond = 20,
            Seed = 7,
            Command = "focalsharp train",
            Dataset = "scenes",
            Split = "val",
            Weights = "last.safetensors",
            Epochs = 3,
            PretrainedAP = 0.25,
            SkippedImages = ["a.jpg"],
            CalibrationSummary = new() { SpearmanScoreIou = 0.5, CoverageOneSigma = 0.68 },
            AdditionalMetrics = [new("per_image", 2.5), new("undefined", double.NaN)],
        };
        string path = folder.In("result.json");
        result.Save(path);

        RunResult loaded = RunResult.Load(path);

        Assert.Equal(result.ToJson(), loaded.ToJson());
        Assert.Equal((Metrics.AP, Metrics.AR100, Metrics.ARl), (loaded.Metrics.AP, loaded.Metrics.AR100, loaded.Metrics.ARl));
        Assert.Equal(Metrics.PerClass, loaded.Metrics.PerClass);
        Assert.Equal(Metrics.ToString(), loaded.Metrics.ToString());
        Assert.Equal((20, 7, 3, 0.25), (loaded.ImagesPerSecond, loaded.Seed, loaded.Epochs, loaded.PretrainedAP));
        Assert.Equal((0.5, 0.68, double.NaN), (loaded.CalibrationSummary!.SpearmanScoreIou, loaded.CalibrationSummary.CoverageOneSigma, loaded.CalibrationSummary.CoverageTwoSigma));
        Assert.Equal([new("per_image", 2.5), new("undefined", double.NaN)], loaded.AdditionalMetrics);
        Assert.Equal(["a.jpg"], loaded.SkippedImages);
        Assert.Contains("no curves", Assert.Throws<InvalidOperationException>(() => loaded.Metrics.Arrays).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_without_a_type_survive_and_the_first_versions_names_are_read()
    {
        using TemporaryFolder folder = new();
        string json = new RunResult { Metrics = Metrics, Seconds = 1, Command = "c" }.ToJson().Replace("\"AP_pretrained\": null", $"\"{RunResult.FirstPretrainedAPName}\": 0.125", StringComparison.Ordinal);
        File.WriteAllText(folder.In("result.json"), json.TrimEnd()[..^1] + ", \"stages\": {\"forward\": 2}, \"calibration\": {\"score\": [1, 2]}}");

        RunResult loaded = RunResult.Load(folder.In("result.json"));

        Assert.Equal(0.125, loaded.PretrainedAP);
        Assert.Null(loaded.CalibrationSummary);
        Assert.Empty(loaded.AdditionalMetrics);
        JsonElement again = Parse(loaded);
        Assert.Equal(2, again.GetProperty("stages").GetProperty("forward").GetInt32());
        Assert.Equal(2, again.GetProperty("calibration").GetProperty("score").GetArrayLength());
    }

    [Theory]
    [InlineData("", "is not the result of a run")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "no average recall")]
    [InlineData("{\"AR100\": 1}", "per_class")]
    [InlineData("{\"AR100\": 1, \"per_class\": {}}", "no AP")]
    [InlineData("{\"AR100\": 1, \"AP\": \"high\", \"per_class\": {}}", "is not a number")]
    [InlineData("{\"AR99999999999\": 1}", "no average recall")]
    public void Anything_else_is_refused(string content, string expected)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.In("result.json"), content);
        Assert.Contains(expected, Assert.Throws<FileException>(() => RunResult.Load(folder.In("result.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_has_not_finished_has_none() =>
        Assert.Contains("resume an interrupted one", Assert.Throws<FileException>(() => RunResult.Load("nowhere/result.json")).Message, StringComparison.Ordinal);

    private static JsonElement Parse(RunResult result)
    {
        using JsonDocument document = JsonDocument.Parse(result.ToJson());
        return document.RootElement.Clone();
    }
}
