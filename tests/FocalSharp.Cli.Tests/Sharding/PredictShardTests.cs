using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests.Sharding;

/// <summary><c>predict --shard</c>: parts by several processes give the file of one.</summary>
public sealed class PredictShardTests : IDisposable
{
    private readonly DatasetSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData("readable", "0.01")]
    [InlineData("coco", "0.01")]
    [InlineData("labelstudio", "0.01")]
    [InlineData("coco", "0.99")] // parts without detections
    public async Task Parts_in_any_order_are_merged_into_the_file_of_one_process(string format, string threshold)
    {
        string model = TinyModel.Save(_sample.PathOf("tiny.safetensors"));
        for (int i = 0; i < 5; i++)
        {
            _sample.Write($"photos/{i}.bmp", DatasetSample.Bitmap(64 + (8 * i), 64));
        }

        string[] common = ["predict", model, _sample.PathOf("photos"), "--format", format, "--threshold", threshold, "--no-images", "--out"];
        ToolResult whole = await ToolResult.InvokeAsync([.. common, _sample.PathOf("whole")]);
        Assert.True(whole.ExitCode == 0, whole.Error);

        foreach (int part in new[] { 2, 0, 2, 3, 1 })
        {
            Assert.False(File.Exists(_sample.PathOf("parts", "predictions.json")));
            ToolResult run = await ToolResult.InvokeAsync([.. common, _sample.PathOf("parts"), "--shard", $"{part}/4"]);
            Assert.True(run.ExitCode == 0, run.Error);
        }

        Assert.Equal(File.ReadAllText(_sample.PathOf("whole", "predictions.json")), File.ReadAllText(_sample.PathOf("parts", "predictions.json")));
        ToolResult again = await ToolResult.InvokeAsync([.. common, _sample.PathOf("parts"), "--shard=1/4"]);
        Assert.Contains("Part 1 of 4 is finished already", again.Output + again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4/4")]
    [InlineData("1")]
    [InlineData("-1/4")]
    public async Task A_part_that_does_not_exist_is_refused(string shard)
    {
        ToolResult run = await ToolResult.InvokeAsync("predict", "model", "photo.jpg", "--shard", shard);

        run.AssertUsageError($"--shard takes K/N with K from 0 to N - 1, such as 3/64, not '{shard}'.");
    }
}
