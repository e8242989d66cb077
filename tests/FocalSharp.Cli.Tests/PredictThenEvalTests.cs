using System.Text.Json;
using System.Text.Json.Nodes;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary><c>predict --format coco</c> and then <c>eval --dt</c> gives the AP of <c>eval MODEL DATA</c>, regardless of the ids in the data set.</summary>
public sealed class PredictThenEvalTests : IDisposable
{
    private static readonly string[] Files = ["zebra.bmp", "20.bmp", "apple.bmp"];

    private readonly DatasetSample _sample = new();
    private readonly string _model;

    public PredictThenEvalTests() => _model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));

    // Ids that are positions, names that are numbers, gaps, 0, text, and classes in the other order.
    [Theory]
    [InlineData("[1,2,3]", "[1,2]")]
    [InlineData("[300,7,20]", "[1,2]")]
    [InlineData("[2,0,1]", "[0,1]")]
    [InlineData("[5,6,9]", "[90,13]")]
    [InlineData("[\"x\",\"y\",\"z\"]", "[4,2]")]
    [InlineData("[\"3\",\"1\",\"2\"]", "[\"2\",\"1\"]")]
    public async Task One_AP_for_one_set_of_boxes(string imageIds, string categoryIds)
    {
        string data = WriteDataset(JsonNode.Parse(imageIds)!.AsArray(), JsonNode.Parse(categoryIds)!.AsArray());
        string truth = _sample.PathOf("data", "annotations", "instances_val.json");
        double expected = await EvaluateAsync(_model, data, "--split", "all", "--save-results", _sample.PathOf("saved.json"));

        Assert.Equal(expected, await EvaluateAsync("--gt", truth, "--dt", _sample.PathOf("saved.json")), 1e-12);
        Assert.Equal(expected, await EvaluateAsync("--gt", truth, "--dt", await PredictAsync("plain.json", Path.Combine(data, "val"))), 1e-12);
        Assert.Equal(expected, await EvaluateAsync("--gt", truth, "--dt", await PredictAsync("folder.json", data)), 1e-12);
        string own = await PredictAsync("own.json", "--data", data);
        Assert.Equal(expected, await EvaluateAsync("--gt", truth, "--dt", own), 1e-12);
        Assert.True(expected > 0, "the model finds nothing, so that any ids give AP 0");
    }

    [Fact]
    public async Task Results_of_a_data_set_carry_its_ids_and_file_names()
    {
        string data = WriteDataset(JsonNode.Parse("[300,7,20]")!.AsArray(), JsonNode.Parse("[90,13]")!.AsArray());
        foreach (string results in new[] { await PredictAsync("folder.json", data), await PredictAsync("own.json", Path.Combine(data, "val"), "--data", data) })
        {
            JsonElement[] entries = [.. JsonDocument.Parse(File.ReadAllText(results)).RootElement.EnumerateArray()];
            Assert.NotEmpty(entries);
            Assert.Subset(
                new HashSet<(long, string?)> { (300, "zebra.bmp"), (7, "20.bmp"), (20, "apple.bmp") },
                entries.Select(entry => (entry.GetProperty("image_id").GetInt64(), entry.GetProperty("file_name").GetString())).ToHashSet());
            Assert.Subset(
                new HashSet<(int, string?)> { (90, "dog"), (13, "cat") },
                entries.Select(entry => (entry.GetProperty("category_id").GetInt32(), entry.GetProperty("category_name").GetString())).ToHashSet());
        }
    }

    [Fact]
    public async Task An_image_that_is_not_in_the_data_set_is_one_clear_error()
    {
        string data = WriteDataset(JsonNode.Parse("[1,2,3]")!.AsArray(), JsonNode.Parse("[1,2]")!.AsArray());
        string other = _sample.Write("other.bmp", DatasetSample.Bitmap(64, 64));
        ToolResult run = await ToolResult.InvokeAsync("predict", _model, other, "--data", data, "--format", "coco", "--no-images", "--json", _sample.PathOf("x.json"));
        run.AssertUserError("other.bmp: is not an image of");
    }

    // The objects are what the model finds, so that AP is above 0.
    private string WriteDataset(JsonArray imageIds, JsonArray categoryIds)
    {
        JsonArray images = [];
        JsonArray annotations = [];
        string[] classes = ["dog", "cat"];
        JsonArray categories = [.. classes.Select((name, label) => new JsonObject { ["id"] = categoryIds[label]!.DeepClone(), ["name"] = name })];
        for (int i = 0; i < Files.Length; i++)
        {
            int step = i + 2;
            _sample.Write($"data/val/{Files[i]}", DatasetSample.Shaded(96, 96, (x, y) => ((x * step) + (y * (5 - step))) % 256));
            images.Add(new JsonObject { ["id"] = imageIds[i]!.DeepClone(), ["file_name"] = Files[i], ["width"] = 96, ["height"] = 96 });
        }

        foreach ((int image, int label, JsonArray box) in Find())
        {
            annotations.Add(new JsonObject
            {
                ["id"] = annotations.Count,
                ["image_id"] = imageIds[image]!.DeepClone(),
                ["category_id"] = categoryIds[label]!.DeepClone(),
                ["bbox"] = box,
                ["iscrowd"] = 0,
            });
        }

        _sample.Write("data/annotations/instances_val.json", new JsonObject { ["images"] = images, ["annotations"] = annotations, ["categories"] = categories }.ToJsonString());
        return _sample.PathOf("data");
    }

    private IEnumerable<(int Image, int Label, JsonArray Box)> Find()
    {
        using FocalSharp.Runtime.IDetector detector = FocalSharp.Models.DetectorLoader.Load(_model);
        for (int i = 0; i < Files.Length; i++)
        {
            foreach (FocalSharp.Detections.Detection found in detector.Detect(FocalSharp.Runtime.ImageSource.FromFile(_sample.PathOf("data", "val", Files[i]))).Take(3 + i))
            {
                int x = (int)Math.Max(0, found.Box.X1);
                int y = (int)Math.Max(0, found.Box.Y1);
                JsonArray box = [x, y, (int)Math.Min(96, found.Box.X2) - x, (int)Math.Min(96, found.Box.Y2) - y];
                if (box.All(number => number!.GetValue<int>() >= 0) && box[2]!.GetValue<int>() > 1 && box[3]!.GetValue<int>() > 1)
                {
                    yield return (i, 1 - found.Label, box);
                }
            }
        }
    }

    private async Task<string> PredictAsync(string name, params string[] inputs)
    {
        string results = _sample.PathOf(name);
        ToolResult run = await ToolResult.InvokeAsync(["predict", _model, .. inputs, "--format", "coco", "--threshold", "0.05", "--no-images", "--json", results]);
        Assert.True(run.ExitCode == 0, run.Error);
        return results;
    }

    private async Task<double> EvaluateAsync(params string[] args)
    {
        string json = _sample.PathOf("scores.json");
        ToolResult run = await ToolResult.InvokeAsync(["eval", .. args, "--json", json]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("AP").GetDouble();
    }

    public void Dispose() => _sample.Dispose();
}
