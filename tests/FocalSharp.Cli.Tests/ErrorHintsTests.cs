using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Tests;

public sealed class ErrorHintsTests
{
    [Theory]
    [InlineData("predict m x", "InputSize", "--size")]
    [InlineData("predict m x", "ScoreThreshold", "--threshold")]
    [InlineData("serve m", "QueueLimit", "--queue")]
    [InlineData("serve m", "port", "--port")]
    public void An_option_of_a_library_is_named_as_on_the_command_line(string line, string optionName, string flag) =>
        Assert.Equal($"Change it with {flag}.", Find(new OptionException("wrong") { OptionName = optionName }, line));

    [Theory]
    [InlineData("info m", "InputSize")]
    [InlineData("predict m x", "RegMax")]
    [InlineData("predict m x", null)]
    public void An_option_that_the_command_does_not_have_gets_no_hint(string line, string? optionName) =>
        Assert.Null(Find(new OptionException("wrong") { OptionName = optionName }, line));

    [Fact]
    public void An_output_that_cannot_be_written_points_to_out()
    {
        Assert.Equal("Choose another folder or file with --out.", Find(new FileException("full") { Path = Path.Combine("found", "a.png") }, "predict m x --out found"));
        Assert.Equal("Choose another folder or file with --out.", Find(new FileException("full") { Path = Path.GetFullPath("runs/one") }, "train d --out runs/one"));
        Assert.Null(Find(new FileException("unreadable") { Path = "x" }, "predict m x --out found"));
    }

    [Fact]
    public void A_model_that_is_not_downloaded_points_to_pull()
    {
        Assert.Equal("Download the model with: focalsharp models pull nanodet-g-coco", Find(new ModelException("not downloaded") { Path = "nanodet-g-coco" }, "info nanodet-g-coco"));
        Assert.Null(Find(new ModelException("damaged") { Path = "best.safetensors" }, "info best.safetensors"));
    }

    [Fact]
    public void A_published_ONNX_export_points_to_import()
    {
        ModelException error = new("p.onnx: import it") { Path = "p.onnx" };
        Assert.Equal("Import a published export with: focalsharp import p.onnx", Find(error, "predict p.onnx a.jpg"));
        Assert.Null(Find(error, "import p.onnx"));
    }

    [Fact]
    public void A_data_set_that_cannot_be_read_points_to_data_check()
    {
        string folder = Path.GetTempPath();

        Assert.Equal($"List all problems with: focalsharp data check {folder}", Find(new DatasetException("wrong") { Path = folder }, "train d"));
        Assert.Null(Find(new DatasetException("wrong") { Path = folder }, "data check d"));
        Assert.Null(Find(new DatasetException("missing") { Path = Path.Combine(folder, "focalsharp-absent") }, "train d"));
    }

    [Fact]
    public void A_stopped_run_points_to_replay_and_resume()
    {
        TrainingException exception = new("stopped") { RunFolder = Path.GetFullPath("runs/one"), BadStepPath = Path.GetFullPath("runs/one/step.safetensors") };

        Assert.Equal("Find the cause with: focalsharp replay runs/one/step.safetensors\nResume with: focalsharp train --resume runs/one", Find(exception, "train d")?.Replace('\\', '/'));
        Assert.Null(Find(new TrainingException("not started"), "train d"));
    }

    private static string? Find(FocalSharpException exception, string line)
    {
        using StringWriter output = new();
        return ErrorHints.Find(exception, CommandLineApp.CreateRoot(ConsoleUi.ForWriters(output, output)).Parse(line.Split(' ')));
    }
}
