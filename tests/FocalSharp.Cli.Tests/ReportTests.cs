using System.Text.Json;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class ReportTests : IDisposable
{
    private const string GroundTruth = """
        {"images":[{"id":1,"width":64,"height":48,"file_name":"a.bmp"}],"categories":[{"id":3,"name":"cat"},{"id":7,"name":"dog"}],
        "annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[2,2,20,20]},{"id":2,"image_id":1,"category_id":7,"bbox":[30,20,30,20]}]}
        """;

    private const string Detections = """
        [{"image_id":1,"category_id":3,"bbox":[2,2,20,20],"score":0.8},{"image_id":1,"category_id":3,"bbox":[30,20,30,20],"score":0.9}]
        """;

    private readonly DatasetSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_coco_files_give_a_page_with_images_if_they_are_found(bool hasImages)
    {
        if (hasImages)
        {
            _sample.Write("a.bmp", DatasetSample.Bitmap(64, 48));
        }

        ToolResult run = await ToolResult.InvokeAsync(
            "eval", "--gt", _sample.Write("gt.json", GroundTruth), "--dt", _sample.Write("dt.json", Detections), "--report", _sample.PathOf("page.html"), "--json", _sample.PathOf("scores.json"));

        Assert.True(run.ExitCode == 0, run.Error);
        string page = File.ReadAllText(_sample.PathOf("page.html"));
        Assert.Contains("Most confused: dog as cat (1)", page, StringComparison.Ordinal);
        Assert.Contains("Next steps", page, StringComparison.Ordinal);
        Assert.Equal(hasImages, page.Contains("<img", StringComparison.Ordinal));
        using JsonDocument scores = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("scores.json")));
        JsonElement analysis = scores.RootElement.GetProperty("analysis");
        Assert.Equal("[1,0,0]", analysis.GetProperty("confusion").GetProperty("annotated_by_detected")[1].GetRawText());
        Assert.Equal(1, analysis.GetProperty("errors")[0].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Without_a_report_there_is_no_error_analysis()
    {
        ToolResult run = await ToolResult.InvokeAsync("eval", "--gt", _sample.Write("gt.json", GroundTruth), "--dt", _sample.Write("dt.json", Detections), "--json", _sample.PathOf("scores.json"));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotContain("analysis", File.ReadAllText(_sample.PathOf("scores.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eval", "--gt", "gt.json", "--dt", "dt.json", "--report", "gt.json")]
    [InlineData("report", "run", "--out", "gt.json")]
    public async Task A_page_does_not_overwrite_another_kind_of_file(params string[] words)
    {
        ToolResult run = await ToolResult.InvokeAsync(words);

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("must end in .html", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_on_a_data_set_gives_a_page()
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));

        ToolResult run = await ToolResult.InvokeAsync("eval", model, _sample.Yolo(), "--split", "train", "--report", _sample.PathOf("page.html"));

        Assert.True(run.ExitCode == 0, run.Error);
        string page = File.ReadAllText(_sample.PathOf("page.html"));
        Assert.Contains("Calibration</h2>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"images\"", page, StringComparison.Ordinal); // the explorer shows the images of the default split
    }

    [Fact]
    public async Task A_regenerated_report_has_the_metrics_of_the_run()
    {
        string data = _sample.Labeled();
        ToolResult training = await ToolResult.InvokeAsync(["train", data, "--out", _sample.PathOf("run"), .. TrainTests.Small]);
        Assert.True(training.ExitCode == 0, training.Error);
        File.Delete(_sample.PathOf("run", "report.html"));

        ToolResult run = await ToolResult.InvokeAsync("report", _sample.PathOf("run"), "--json", _sample.PathOf("again.json"));

        Assert.True(run.ExitCode == 0, run.Error);
        string page = File.ReadAllText(_sample.PathOf("run", "report.html"));
        Assert.Contains("Training curves", page, StringComparison.Ordinal);
        Assert.Contains("Training time", page, StringComparison.Ordinal);
        using JsonDocument first = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("run", "result.json")));
        using JsonDocument again = JsonDocument.Parse(File.ReadAllText(_sample.PathOf("again.json")));
        Assert.Equal(first.RootElement.GetProperty("AP").GetRawText(), again.RootElement.GetProperty("AP").GetRawText());
        Assert.Equal(first.RootElement.GetProperty("analysis").GetRawText(), again.RootElement.GetProperty("analysis").GetRawText());
    }

    [Fact]
    public async Task A_run_whose_data_set_was_moved_suggests_to_pass_its_path()
    {
        string data = _sample.Labeled();
        await ToolResult.InvokeAsync(["train", data, "--out", _sample.PathOf("run"), .. TrainTests.Small]);
        Directory.Move(data, _sample.PathOf("moved"));

        (await ToolResult.InvokeAsync("report", _sample.PathOf("run"))).AssertUserError("no longer exists", "focalsharp report RUN DATA");
        Assert.Equal(0, (await ToolResult.InvokeAsync("report", _sample.PathOf("run"), _sample.PathOf("moved"))).ExitCode);
    }

    [Fact]
    public async Task A_folder_without_a_run_is_one_clear_error()
    {
        (await ToolResult.InvokeAsync("report", _sample.Path)).AssertUserError("contains no run");
    }
}
