using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary>The rules of <c>eval --gt --dt</c>: ids, names, limits, protocols, intervals and comparisons.</summary>
public sealed class EvalRulesTests : IDisposable
{
    private const string OneImage = """
        {"images":[{"id":7,"width":80,"height":60,"file_name":"a.png"}],"categories":[{"id":1,"name":"a"}],
        "annotations":[{"id":%ID%,"image_id":7,"category_id":%CATEGORY%,"bbox":[10,10,20,20],"area":%AREA%,"iscrowd":%CROWD%}]}
        """;

    private const string Perfect = """[{"image_id":7,"category_id":1,"bbox":[10,10,20,20],"score":0.9}]""";

    private readonly DatasetSample _sample = new();

    [Fact]
    public async Task Annotation_id_0_is_right_with_a_warning_and_as_in_pycocotools_on_request()
    {
        (ToolResult run, JsonElement json) = await EvaluateAsync(Truth(id: "0"), Perfect);
        Assert.Equal(1, json.GetProperty("AP").GetDouble(), 12);
        Assert.Contains("an annotation has the id 0", run.Error, StringComparison.Ordinal);
        Assert.Contains("gives AP 0.0000 (--id-zero coco)", run.Error, StringComparison.Ordinal);

        (ToolResult reference, JsonElement number) = await EvaluateAsync(Truth(id: "0"), Perfect, "--id-zero", "coco");
        Assert.Equal(0, number.GetProperty("AP").GetDouble());
        Assert.Contains("counted as right, AP is 1.0000", reference.Error, StringComparison.Ordinal);

        (ToolResult silent, _) = await EvaluateAsync(Truth(id: "1"), Perfect);
        Assert.DoesNotContain("warning", silent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_image_ids_are_file_names_and_text_categories_are_read_as_by_the_data_set_reader()
    {
        (ToolResult run, JsonElement json) = await EvaluateAsync(
            Truth(category: "\"1\"", area: "null", crowd: "null"), """[{"image_id":"a","category_id":1,"bbox":[10,10,20,20],"score":0.9}]""");
        Assert.Equal(1, json.GetProperty("AP").GetDouble(), 12);
        Assert.Contains("matched to images by file name without extension", run.Output, StringComparison.Ordinal);
    }

    // 150 objects of one class: 100 detections reach recall 2/3, the precision at 67 of 101 recalls.
    [Fact]
    public async Task More_than_100_objects_need_a_higher_limit()
    {
        JsonArray annotations = [];
        JsonArray results = [];
        for (int i = 0; i < 150; i++)
        {
            int[] box = [5 * (i % 15), 5 * (i / 15), 4, 4];
            annotations.Add(new JsonObject { ["id"] = i + 1, ["image_id"] = 1, ["category_id"] = 1, ["bbox"] = Numbers(box), ["area"] = 16, ["iscrowd"] = 0 });
            results.Add(new JsonObject { ["image_id"] = 1, ["category_id"] = 1, ["bbox"] = Numbers(box), ["score"] = 0.9 - (i * 0.001) });
        }

        string truth = new JsonObject
        {
            ["images"] = new JsonArray { new JsonObject { ["id"] = 1 } },
            ["categories"] = new JsonArray { new JsonObject { ["id"] = 1, ["name"] = "a" } },
            ["annotations"] = annotations,
        }.ToJsonString();

        (ToolResult run, JsonElement few) = await EvaluateAsync(truth, results.ToJsonString());
        Assert.Equal(67 / 101.0, few.GetProperty("AP").GetDouble(), 12);
        Assert.Contains("--max-detections 150", run.Error, StringComparison.Ordinal);
        (ToolResult all, JsonElement many) = await EvaluateAsync(truth, results.ToJsonString(), "--max-detections", "150");
        Assert.Equal(1, many.GetProperty("AP").GetDouble(), 12);
        Assert.Equal(1, many.GetProperty("AR150").GetDouble(), 12);
        Assert.Matches(@"AR150\s+1\.0000\s+recall, 150 detections", all.Output);
        Assert.DoesNotContain("warning", all.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boxes_in_another_layout_get_a_hint()
    {
        (ToolResult run, JsonElement json) = await EvaluateAsync(Truth(), """[{"image_id":7,"category_id":1,"bbox":[0.125,0.16666666,0.25,0.33333333],"score":0.9}]""");
        Assert.Equal(0, json.GetProperty("AP").GetDouble());
        Assert.Contains("seem to have boxes as fractions of the image (x, y, width, height)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crowds_only_have_no_AP()
    {
        (ToolResult run, JsonElement json) = await EvaluateAsync(Truth(crowd: "1"), Perfect);
        Assert.Matches(@"AP\s+n/a", run.Output);
        Assert.Contains("all 1 objects are crowds", run.Error, StringComparison.Ordinal);
        Assert.Equal(-1, json.GetProperty("AP").GetDouble());
    }

    // Right, wrong, right of three objects; see ProtocolMetricsTests.
    [Theory]
    [InlineData("voc07", 6 / 11.0)]
    [InlineData("voc12", 5 / 9.0)]
    [InlineData("openimages", 5 / 9.0)]
    public async Task Protocols_have_their_own_AP(string protocol, double expected)
    {
        (string truth, string results) = ThreeObjects();
        (ToolResult run, JsonElement json) = await EvaluateAsync(truth, results, "--protocol", protocol);
        Assert.Equal(expected, json.GetProperty("AP").GetDouble(), 12);
        Assert.Equal(expected, json.GetProperty("per_class").GetProperty("a").GetProperty("AP").GetDouble(), 12);
        Assert.Equal(protocol, json.GetProperty("protocol").GetString());
        Assert.False(json.TryGetProperty("AP75", out _));
        Assert.Contains(expected.ToString("0.0000", CultureInfo.InvariantCulture), run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Iou_thresholds_can_be_chosen()
    {
        // IoU 0.75: right at one of two thresholds.
        string results = """[{"image_id":7,"category_id":1,"bbox":[10,10,15,20],"score":0.9}]""";
        Assert.Equal(0.5, (await EvaluateAsync(Truth(), results, "--iou", "0.5,0.8")).Json.GetProperty("AP").GetDouble(), 12);
        (ToolResult run, JsonElement json) = await EvaluateAsync(Truth(), results, "--iou", "0.5");
        Assert.Equal(1, json.GetProperty("AP").GetDouble(), 12);
        Assert.Contains("IoU 0.50", run.Output, StringComparison.Ordinal);
        Assert.Equal(0.6, (await EvaluateAsync(Truth(), results, "--iou", "0.5:0.95:0.05")).Json.GetProperty("AP").GetDouble(), 12);
    }

    [Fact]
    public async Task Bootstrap_and_comparison_are_reported()
    {
        (string truth, string good, string bad) = ManyImages();
        string other = _sample.Write("other.json", bad);
        (ToolResult run, JsonElement json) = await EvaluateAsync(truth, good, "--bootstrap", "500", "--seed", "3", "--against", other);

        // All right in one file; a third of the images right in the other.
        Assert.Equal(1, json.GetProperty("AP").GetDouble(), 12);
        Assert.Equal([1.0, 1.0], json.GetProperty("bootstrap").GetProperty("AP").EnumerateArray().Select(end => Math.Round(end.GetDouble(), 9)));
        JsonElement difference = json.GetProperty("against").GetProperty("AP");
        Assert.Equal(1 - difference.GetProperty("value").GetDouble(), difference.GetProperty("difference").GetDouble(), 9);
        Assert.Equal(2 / 501.0, difference.GetProperty("p_value").GetDouble(), 9);
        Assert.Contains("has the higher AP", run.Output, StringComparison.Ordinal);
        Assert.Contains("confidence intervals (500 resamples of 30 images)", run.Output, StringComparison.Ordinal);

        (ToolResult same, JsonElement equal) = await EvaluateAsync(truth, good, "--against", _sample.Write("same.json", good));
        Assert.Equal(1, equal.GetProperty("against").GetProperty("AP").GetProperty("p_value").GetDouble());
        Assert.Contains("do not show which has the higher AP", same.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ground_truth_may_be_a_data_set_of_any_format()
    {
        string data = _sample.Labeled();
        string results = _sample.Write("dt.json", """[{"file_name":"b.bmp","category_name":"cat","bbox":[16,12,32,24],"score":0.9}]""");
        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", data, "--dt", results);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(@"AP\s+1\.0000", run.Output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("NaN")]
    [InlineData("0.95:0.5:0.05")]
    [InlineData("0.5:0.95")]
    [InlineData("0.5:0.95:0")]
    [InlineData("0.5;0.7")]
    [InlineData("0.9,0.5")]
    public async Task A_wrong_iou_is_a_usage_error(string iou)
    {
        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", "a.json", "--dt", "b.json", "--iou", iou);
        run.AssertUsageError("--iou", $"not '{iou}'");
    }

    [Theory]
    [InlineData("eval --gt --dt x", "--gt needs a value (FILE), but is followed by '--dt'")]
    [InlineData("eval --gt a.json --dt", "--dt needs a value")]
    [InlineData("eval --gt a.json --dt b.json --report r.html --protocol voc07", "--report evaluates by COCO's rules")]
    [InlineData("eval --gt a.json --dt b.json --report r.html --iou 0.75", "IoU 0.5")]
    public async Task Missing_values_and_contradictions_are_named(string line, string expected)
    {
        ToolResult run = await ToolResult.InvokeAsync(line.Split(' '));
        run.AssertUsageError(expected);
    }

    public void Dispose() => _sample.Dispose();

    // Two images whose file names are swapped in the results: by id the detections are perfect, by file name none matches.
    [Fact]
    public async Task File_names_that_contradict_ids_are_reported_with_both_figures()
    {
        const string truth = """
            {"images":[{"id":1,"file_name":"a.png"},{"id":2,"file_name":"b.png"}],"categories":[{"id":1,"name":"a"}],"annotations":[
            {"id":1,"image_id":1,"category_id":1,"bbox":[0,0,40,40]},{"id":2,"image_id":2,"category_id":1,"bbox":[100,0,40,40]}]}
            """;
        const string results = """
            [{"image_id":1,"file_name":"b.png","category_id":1,"bbox":[0,0,40,40],"score":0.9},{"image_id":2,"file_name":"a.png","category_id":1,"bbox":[100,0,40,40],"score":0.8}]
            """;

        (ToolResult run, JsonElement json) = await EvaluateAsync(truth, results);
        Assert.Equal(0, json.GetProperty("AP").GetDouble());
        Assert.Contains("By file_name, as here, AP is 0.0000; by image_id it is 1.0000. Choose with --match file or --match id.", run.Error, StringComparison.Ordinal);

        (ToolResult chosen, JsonElement byId) = await EvaluateAsync(truth, results, "--match", "id");
        Assert.Equal(1, byId.GetProperty("AP").GetDouble(), 12);
        Assert.DoesNotContain("warning", chosen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_split_of_a_coco_file_is_a_usage_error()
    {
        string truth = _sample.Write("gt.json", Truth());
        string results = _sample.Write("dt.json", Perfect);

        (await ToolResult.InvokeAsync("eval", "--gt", truth, "--dt", results, "--split", "val")).AssertUsageError("--split val chooses images of a data set");
        Assert.Equal(0, (await ToolResult.InvokeAsync("eval", "--gt", truth, "--dt", results, "--split", "all")).ExitCode);
    }

    [Fact]
    public async Task Results_given_as_ground_truth_are_not_recommended_for_data_check()
    {
        string results = _sample.Write("dt.json", Perfect);

        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", results, "--dt", results);

        run.AssertUserError("not a list of results");
        Assert.DoesNotContain("data check", run.Error, StringComparison.Ordinal);
    }

    // JSON of another format is a data set.
    [Fact]
    public async Task Ground_truth_may_be_a_json_file_of_another_format()
    {
        File.WriteAllBytes(_sample.PathOf("a.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAGQAAABQCAAAAADKYo8zAAAANklEQVR42u3NMQEAAAwCIKMb3RZ7BgVID0QikUgkEolEIpFIJBKJRCKRSCQSiUQikUgkkl/JAJMdoOL29TpxAAAAAElFTkSuQmCC"));
        string truth = _sample.Write("gt.json", """[{"image": "a.png", "annotations": [{"label": "a", "coordinates": {"x": 20, "y": 20, "width": 20, "height": 20}}]}]""");
        string results = _sample.Write("dt.json", """[{"file_name":"a.png","category_name":"a","bbox":[10,10,20,20],"score":0.9}]""");

        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", truth, "--dt", results);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(@"AP\s+1\.0000", run.Output);
    }

    // lvis-api: AP of rare classes is that of 'a', found; of frequent classes the mean of 'b', not found, and 'c'. Half of 'c' is found: recall 0.5
    // covers 51 of 101 recall levels. Class 'd' has no objects.
    [Fact]
    public async Task Lvis_reports_AP_by_the_frequency_of_the_classes()
    {
        (ToolResult run, JsonElement json) = await EvaluateAsync(
            """
            {"images":[{"id":1,"neg_category_ids":[],"not_exhaustive_category_ids":[]}],
            "categories":[{"id":1,"name":"a","frequency":"r"},{"id":2,"name":"b","frequency":"f"},{"id":3,"name":"c","frequency":"f"},{"id":4,"name":"d","frequency":"c"}],"annotations":[
            {"id":1,"image_id":1,"category_id":1,"bbox":[0,0,40,40],"area":1600},{"id":2,"image_id":1,"category_id":2,"bbox":[100,0,40,40],"area":1600},
            {"id":3,"image_id":1,"category_id":3,"bbox":[200,0,40,40],"area":1600},{"id":4,"image_id":1,"category_id":3,"bbox":[300,0,40,40],"area":1600}]}
            """,
            """[{"image_id":1,"category_id":1,"bbox":[0,0,40,40],"score":0.9},{"image_id":1,"category_id":3,"bbox":[200,0,40,40],"score":0.8}]""",
            "--protocol", "lvis");

        Assert.Equal(1, json.GetProperty("APr").GetDouble(), 12);
        Assert.Equal(51.0 / 202, json.GetProperty("APf").GetDouble(), 12);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("APc").ValueKind);
        Assert.Contains("APr 1.0000, APc n/a, APf 0.2525", run.Output, StringComparison.Ordinal);
    }

    private async Task<(ToolResult Run, JsonElement Json)> EvaluateAsync(string truth, string results, params string[] options)
    {
        string json = _sample.PathOf($"{Guid.NewGuid():N}.json");
        ToolResult run = await ToolResult.InvokeAsync(
            ["eval", "--gt", _sample.Write("gt.json", truth), "--dt", _sample.Write("dt.json", results), "--json", json, .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        return (run, JsonDocument.Parse(File.ReadAllText(json)).RootElement);
    }

    private static string Truth(string id = "1", string category = "1", string area = "400", string crowd = "0") => OneImage
        .Replace("%ID%", id, StringComparison.Ordinal).Replace("%CATEGORY%", category, StringComparison.Ordinal)
        .Replace("%AREA%", area, StringComparison.Ordinal).Replace("%CROWD%", crowd, StringComparison.Ordinal);

    private static (string Truth, string Results) ThreeObjects() => (
        """
        {"images":[{"id":1,"file_name":"a.png"}],"categories":[{"id":1,"name":"a"}],"annotations":[
        {"id":1,"image_id":1,"category_id":1,"bbox":[0,0,40,40]},{"id":2,"image_id":1,"category_id":1,"bbox":[100,0,40,40]},{"id":3,"image_id":1,"category_id":1,"bbox":[200,0,40,40]}]}
        """,
        """
        [{"image_id":1,"category_id":1,"bbox":[0,0,40,40],"score":0.9},{"image_id":1,"category_id":1,"bbox":[400,400,40,40],"score":0.8},
        {"image_id":1,"category_id":1,"bbox":[100,0,40,40],"score":0.7}]
        """);

    private static (string Truth, string Good, string Bad) ManyImages()
    {
        JsonArray images = [];
        JsonArray annotations = [];
        JsonArray good = [];
        JsonArray bad = [];
        for (int i = 1; i <= 30; i++)
        {
            images.Add(new JsonObject { ["id"] = i });
            annotations.Add(new JsonObject { ["id"] = i, ["image_id"] = i, ["category_id"] = 1, ["bbox"] = Numbers(10, 10, 30, 30) });
            good.Add(new JsonObject { ["image_id"] = i, ["category_id"] = 1, ["bbox"] = Numbers(10, 10, 30, 30), ["score"] = 1 - (i * 0.01) });
            bad.Add(new JsonObject { ["image_id"] = i, ["category_id"] = 1, ["bbox"] = Numbers(i % 3 == 0 ? 10 : 300, 10, 30, 30), ["score"] = 1 - (i * 0.01) });
        }

        JsonObject truth = new() { ["images"] = images, ["categories"] = new JsonArray { new JsonObject { ["id"] = 1, ["name"] = "a" } }, ["annotations"] = annotations };
        return (truth.ToJsonString(), good.ToJsonString(), bad.ToJsonString());
    }

    private static JsonArray Numbers(params int[] values) => [.. values.Select(value => JsonValue.Create(value))];
}
