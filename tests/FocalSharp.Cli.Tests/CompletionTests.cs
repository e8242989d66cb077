using System.Diagnostics;
using FocalSharp.Cli.Completion;
using FocalSharp.Cli.Terminal;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed class CompletionTests
{
    private static readonly IReadOnlyList<CompletionNode> Nodes = CompletionTree.Create(CommandLineApp.CreateRoot(ConsoleUi.ForWriters(TextWriter.Null, TextWriter.Null)));

    public static TheoryData<string> Shells => [.. CompletionScripts.Shells];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Every_command_and_option_is_in_the_script(string shell)
    {
        ToolResult run = await ToolResult.InvokeAsync("completion", shell);

        Assert.Equal(0, run.ExitCode);
        foreach (string word in Nodes.SelectMany(node => node.Commands.Select(command => command.Name).Concat(node.Options.Select(option => option.Names[0]))))
        {
            Assert.Contains(shell == "fish" ? word.TrimStart('-') : word, run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_tree_has_the_declared_commands_options_and_values()
    {
        Assert.Contains("data", Nodes[0].Commands.Select(command => command.Name));
        CompletionNode eval = Assert.Single(Nodes, node => node.Path == "eval");
        CompletionOption protocol = Assert.Single(eval.Options, option => option.Names[0] == "--protocol");
        Assert.Equal(["coco", "lvis", "openimages", "voc07", "voc12"], protocol.Values.Order());
        Assert.True(protocol.TakesValue);
        Assert.True(eval.TakesFiles);
        Assert.Contains(Nodes, node => node.Path == "data check");
    }

    [Fact]
    public async Task An_unknown_shell_is_a_usage_error() => (await ToolResult.InvokeAsync("completion", "tcsh")).AssertUsageError("SHELL takes bash, zsh, fish or pwsh, not 'tcsh'.");

    // The words of a line, the last one being completed, and what bash offers.
    [Theory]
    [InlineData("focalsharp tra", "train")]
    [InlineData("focalsharp data ", "check")]
    [InlineData("focalsharp data check --ju", "")]
    [InlineData("focalsharp eval --protocol voc", "voc07 voc12")]
    [InlineData("focalsharp convert x --to co", "coco")]
    [InlineData("focalsharp models pu", "pull")]
    [InlineData("focalsharp predict m x --max-d", "--max-detections")]
    public void Bash_completes_commands_options_and_values(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash") || File.Exists("/usr/bin/bash"), "bash is not installed.");
        string[] words = line.Split(' ');
        string script = CompletionScripts.Create("bash", Nodes)
            + $"COMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))}); COMP_CWORD={words.Length - 1}; _focalsharp; printf '%s\n' \"${{COMPREPLY[@]}}\"";

        using Process bash = Process.Start(new ProcessStartInfo("bash", ["--norc", "-c", script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() })!;
        string output = bash.StandardOutput.ReadToEnd();
        string error = bash.StandardError.ReadToEnd();
        bash.WaitForExit();

        Assert.Empty(error);
        string[] offered = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), expected.Length == 0 ? [.. offered.Where(word => word.StartsWith("--ju", StringComparison.Ordinal))] : offered.Intersect(expected.Split(' ')));
    }
}
