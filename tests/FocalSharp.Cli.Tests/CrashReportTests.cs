namespace FocalSharp.Cli.Tests;

public sealed class CrashReportTests
{
    [Fact]
    public void The_stack_trace_goes_to_a_file_that_the_message_names()
    {
        string message = CrashReport.Save(new InvalidOperationException("inner workings"), ["train", "demo"]);

        string path = message[(message.LastIndexOf(' ') + 1)..];
        string text = File.ReadAllText(path);
        File.Delete(path);
        Assert.Contains("focalsharp train demo", text, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: inner workings", text, StringComparison.Ordinal);
    }
}
