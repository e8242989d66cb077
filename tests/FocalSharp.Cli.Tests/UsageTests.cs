using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("trian demo", "There is no command 'trian'. Did you mean 'train'?")]
    [InlineData("data chek x", "There is no command 'chek'. Did you mean 'check'?")]
    [InlineData("predict model image.jpg --treshold 0.5", "There is no option '--treshold'. Did you mean '--threshold'?")]
    [InlineData("predict model --treshold=0.5 image.jpg", "There is no option '--treshold'. Did you mean '--threshold'?")]
    [InlineData("predict model image.jpg --json --fromat coco", "There is no option '--fromat'. Did you mean '--format'?")]
    [InlineData("train demo --epoch 5", "There is no option '--epoch'. Did you mean '--epochs'?")]
    [InlineData("train demo --xyzzy", "There is no option '--xyzzy'.")]
    [InlineData("train demo --epochs five", "--epochs takes a whole number from 1 to 1000000, not 'five'.")]
    [InlineData("predict m x --threshold high", "--threshold takes a number from 0 to 1, not 'high'.")]
    [InlineData("convert x --to coca --out y", "--to takes coco, createml, cvat, labelme, labelstudio, voc or yolo, not 'coca'. Did you mean 'coco'?")]
    [InlineData("eval a b c", "Unexpected argument 'c'.")]
    [InlineData("train", "DATA is missing")]
    [InlineData("train demo --epochs", "--epochs needs a value (N).")]
    [InlineData("eval --gt --dt x", "--gt needs a value (FILE), but is followed by '--dt'.")]
    [InlineData("train demo --on-fault skip", "'--on-fault' was renamed to '--on-bad-step'.")]
    [InlineData("predict m x --max 3", "'--max' was renamed to '--max-detections'.")]
    [InlineData("serve m --max 3", "'--max' was renamed to '--max-detections'.")]
    [InlineData("export m --licence MIT", "'--licence' was renamed to '--license'.")]
    [InlineData("replay f --picture p.png", "'--picture' was renamed to '--image'.")]
    [InlineData("export m --method least-error", "'--method least-error' was renamed to '--method mse'.")]
    [InlineData("import m --names ours", "'--names ours' was renamed to '--names focalsharp'.")]
    [InlineData("data check", "PATH is missing")]
    [InlineData("eval --gt a --dt b --dt c", "--dt takes one value, but has 2: 'b', 'c'. Compare two results files with --against.")]
    [InlineData("train demo --epochs 3 --epochs 4", "--epochs takes one value, but has 2: '3', '4'.")]
    [InlineData("train demo --task segment", "There is no option '--task': FocalSharp detects objects with upright boxes only")]
    [InlineData("segment predict", "'segment': segmentation is not supported")]
    [InlineData("predict m x task=pose", "'task=pose': pose estimation is not supported")]
    [InlineData("track m x", "'track': tracking is not supported")]
    public async Task Wrong_command_lines_are_one_error_with_a_suggestion(string line, string expected)
    {
        ToolResult run = await ToolResult.InvokeAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.StartsWith($"error: {expected}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'), text => text.StartsWith("error:", StringComparison.Ordinal));
        Assert.Contains("--help' for usage", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task The_hint_to_help_names_the_command()
    {
        ToolResult run = await ToolResult.InvokeAsync("data", "check", "--jsn", "x");

        Assert.Contains("Run 'focalsharp data check --help'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Square_brackets_in_a_name_are_text()
    {
        ToolResult run = await ToolResult.InvokeAsync("[red]x[/]");

        Assert.Contains("There is no command '[red]x[/]'.", run.Error, StringComparison.Ordinal);
    }
}
