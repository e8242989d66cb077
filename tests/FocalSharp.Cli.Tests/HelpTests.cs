using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Cli.Tests.Support;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => ["train", "eval", "predict", "calibrate", "threshold", "select", "report", "data check", "convert", "import", "replay", "models", "models pull", "models path", "models remove", "serve", "explore", "info", "doctor", "completion"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_has_help_with_examples(string command)
    {
        ToolResult run = await ToolResult.InvokeAsync([.. command.Split(' '), "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.Contains($"focalsharp {command}", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void Every_example_is_a_valid_command_line()
    {
        using StringWriter output = new();
        RootCommand root = CommandLineApp.CreateRoot(ConsoleUi.ForWriters(output, output));
        string[] examples = [.. Tree(root).OfType<CliCommand>().SelectMany(command => command.Examples).Select(example => example.Command)
            .Where(line => line.StartsWith("focalsharp ", StringComparison.Ordinal))];

        Assert.True(examples.Length > 30);
        foreach (string line in examples)
        {
            ParseResult parsed = CommandLineParser.Parse(root, [.. CommandLineParser.SplitCommandLine(line).Skip(1)]);

            Assert.True(UsageErrors.Find(parsed).Count == 0, line);
        }
    }

    [Fact]
    public void Every_recipe_key_in_an_example_exists()
    {
        using StringWriter output = new();
        string[] keys = [.. Tree(CommandLineApp.CreateRoot(ConsoleUi.ForWriters(output, output))).OfType<CliCommand>().SelectMany(command => command.Examples)
            .Select(example => example.Command).Where(line => line.Contains("--set ", StringComparison.Ordinal))
            .Select(line => line.Split("--set ")[1].Split(' ')[0])];

        Assert.NotEmpty(keys);
        Assert.All(keys, key => RecipeBook.Set(RecipeBook.Load("gfl-lite"), key));
    }

    [Fact]
    public async Task The_list_of_commands_is_complete_and_one_line_each()
    {
        ToolResult run = await ToolResult.InvokeAsync("--help");

        Assert.Equal(0, run.ExitCode);
        foreach (string command in Commands.Select(row => row.Data.Split(' ')[0]))
        {
            Assert.Single(run.Output.Split('\n'), line => line.StartsWith($"  {command} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task No_command_shows_help_and_fails()
    {
        ToolResult run = await ToolResult.InvokeAsync();

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("focalsharp train demo", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line_with_the_tools_name()
    {
        ToolResult run = await ToolResult.InvokeAsync("--version");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^focalsharp \d+\.\d+\.\d+[^\n]*\n$", run.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Help_does_not_load_libtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the dynamic loader's log is glibc's");

        string loaded = LibrariesLoadedBy("train", "--help");

        Assert.Contains("libcoreclr", loaded, StringComparison.Ordinal); // the log is complete
        Assert.DoesNotContain("libtorch", loaded, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("libSkiaSharp", loaded, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands.SelectMany(Tree).Prepend(command);

    private static string LibrariesLoadedBy(params string[] args)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "focalsharp.dll");
        ProcessStartInfo start = new("dotnet", [tool, .. args]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LD_DEBUG"] = "files";
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        string log = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return log;
    }
}
