using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Tests.Support;

/// <summary>One in-process run of the tool with what it said.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public static async Task<ToolResult> InvokeAsync(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLineApp.RunAsync(args, ConsoleUi.ForWriters(output, error), TestContext.Current.CancellationToken);
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that the tool ended as a wrong input must: exit code 1 and one message, no stack trace.</summary>
    public void AssertUserError(params string[] expectedText)
    {
        Assert.True(ExitCode == ExitCodes.UserError, $"exit code {ExitCode}\n{Output}\n{Error}");
        Assert.Single(Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        foreach (string part in expectedText)
        {
            Assert.Contains(part, Error, StringComparison.Ordinal);
        }
    }
}
