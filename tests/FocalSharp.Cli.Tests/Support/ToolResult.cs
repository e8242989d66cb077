using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Tests.Support;

/// <summary>The result of one in-process run of the tool.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public static async Task<ToolResult> InvokeAsync(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLineApp.RunAsync(args, ConsoleUi.ForWriters(output, error), TestContext.Current.CancellationToken);
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts exit code 1 with one error line that contains the texts, and no stack trace.</summary>
    public void AssertUserError(params string[] expectedText) => AssertError(ExitCodes.UserError, expectedText);

    /// <summary>Asserts exit code 2 with one error line that contains the texts, and no stack trace.</summary>
    public void AssertUsageError(params string[] expectedText) => AssertError(ExitCodes.Usage, expectedText);

    private void AssertError(int exitCode, string[] expectedText)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}\n{Output}\n{Error}");
        Assert.Single(Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        foreach (string part in expectedText)
        {
            Assert.Contains(part, Error, StringComparison.Ordinal);
        }
    }
}
