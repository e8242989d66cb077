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

    private static JsonElement Parse(RunResult result)
    {
        using JsonDocument document = JsonDocument.Parse(result.ToJson());
        return document.RootElement.Clone();
    }
}
