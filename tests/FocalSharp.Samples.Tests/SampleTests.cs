using System.Globalization;
using System.Text.RegularExpressions;

namespace FocalSharp.Samples.Tests;

/// <summary>The samples are short, and do what they say.</summary>
public sealed partial class SampleTests : IDisposable
{
    private const int MaxLines = 80;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Samples => [.. SampleProcess.Names];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_has_fewer_than_80_lines(string name) =>
        Assert.InRange(SampleProcess.Sources(name).Sum(file => File.ReadLines(file).Count()), 1, MaxLines - 1);

    [Theory]
    [InlineData("CustomBackbone")]
    [InlineData("CustomLoss")]
    public async Task A_detector_with_a_custom_part_learns(string name)
    {
        (int exitCode, string output) = await SampleProcess.RunAsync(name, _folder.Path);

        Assert.True(exitCode == 0, output);
        double[] losses = [.. Loss().Matches(output).Select(match => double.Parse(match.Groups["loss"].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(4, losses.Length);
        Assert.InRange(losses[^1], 0, 0.5 * losses[0]);
    }

    [Fact]
    public async Task A_custom_dataset_format_is_detected_read_and_converted()
    {
        (int exitCode, string output) = await SampleProcess.RunAsync("CustomDatasetFormat", _folder.Path);

        Assert.True(exitCode == 0, output);
        Assert.Contains("photo.gif (48x32)", output, StringComparison.Ordinal);
        Assert.Contains("  cat: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detections_are_evaluated()
    {
        (int exitCode, string output) = await SampleProcess.RunAsync("EvaluateDetections", _folder.Path);

        Assert.True(exitCode == 0, output);
        Assert.Contains("AP50 of 'cat': 1.000", output, StringComparison.Ordinal); // both cats are found by IoU above 0.5, before the false positive
    }

    [Fact]
    public async Task A_missing_results_file_is_one_clear_error()
    {
        (int exitCode, string output) = await SampleProcess.RunAsync("EvaluateDetections", _folder.Path, "truth.json", "results.json");

        Assert.Equal(1, exitCode);
        Assert.Contains("truth.json", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public async Task A_detector_is_trained_from_code()
    {
        (int exitCode, string output) = await SampleProcess.RunAsync("TrainFromCode", _folder.Path);

        Assert.True(exitCode == 0, output);
        Assert.Matches(@"(?m)^AP [01]\.\d{3}, AP50 [01]\.\d{3}$", output);
        string weights = Weights().Match(output).Groups["path"].Value;
        Assert.True(File.Exists(weights), output);
        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(weights))!, recursive: true);
    }

    [GeneratedRegex(@"^step \d+: (?:loss|classification) (?<loss>[\d.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Loss();

    [GeneratedRegex("^Weights: (?<path>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Weights();
}
