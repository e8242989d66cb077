using System.Text.RegularExpressions;
using FocalSharp.Cli.Terminal;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

public sealed partial class ExploreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-explore-").FullName;

    [Fact]
    public async Task Export_writes_the_loss_pages_with_the_files_that_they_load()
    {
        ToolResult run = await ToolResult.InvokeAsync("explore", "--export", _folder);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("6 pages written", run.Output, StringComparison.Ordinal);
        string[] files = [.. Directory.GetFiles(_folder, "*.html").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["box-geometry.html", "distribution-focal-loss.html", "focal-loss.html", "generalized-focal-loss.html", "index.html", "quality-focal-loss.html"], files);
        foreach (string file in files)
        {
            string page = File.ReadAllText(Path.Combine(_folder, file));
            Assert.All(AssetPattern().Matches(page).Select(match => match.Groups[1].Value), asset => Assert.True(File.Exists(Path.Combine(_folder, asset)), asset));
            Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
            Assert.DoesNotContain("\"page:", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_of_the_exported_site_that_is_not_one_is_one_clear_error() =>
        (await ToolResult.InvokeAsync("explore", "--export", _folder, "--site-url", "ftp://x")).AssertUserError("--site-url ftp://x", "https://example.org/gfl");

    [Theory]
    [InlineData("localhost", "")]
    [InlineData("*", "without a password")]
    public async Task Serves_until_interrupted_and_warns_where_others_can_reach_it(string address, string warning)
    {
        using SharedWriter output = new();
        using SharedWriter error = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int> running = CommandLineApp.RunAsync(["explore", "--port", "0", "--host", address], ConsoleUi.ForWriters(output, error), stop.Token);
        while (!running.IsCompleted && !output.ToString().Contains("Ctrl-C", StringComparison.Ordinal))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        string site = output.ToString().Split(' ', '\n').Single(word => word.StartsWith("http://", StringComparison.Ordinal));
        using HttpClient client = new();
        string page = await client.GetStringAsync(new Uri(site), TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Success, await running); // Ctrl-C is the normal way to end a server
        Assert.Contains("<h1>", page, StringComparison.Ordinal);
        Assert.Contains(warning, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(warning.Length == 0, error.ToString().Length == 0);
    }

    [Fact]
    public async Task A_run_that_does_not_exist_is_one_clear_error() =>
        (await ToolResult.InvokeAsync("explore", "runs/nothing", "--export", _folder)).AssertUserError("runs/nothing", "runs/NAME", "weights file");

    [Fact]
    public async Task An_invalid_address_is_one_clear_error() =>
        (await ToolResult.InvokeAsync("explore", "--host", "example.org")).AssertUserError("example.org", "localhost");

    [Fact]
    public async Task A_port_above_65535_is_a_usage_error() =>
        (await ToolResult.InvokeAsync("explore", "--port", "70000")).AssertUsageError("--port takes a whole number from 0 to 65535, not '70000'.");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex("\"(assets/[^\"]+)\"")]
    private static partial Regex AssetPattern();

    /// <summary>A writer that can be read while another thread writes.</summary>
    private sealed class SharedWriter : StringWriter
    {
        private readonly Lock _gate = new();

        public override void Write(char value)
        {
            lock (_gate)
            {
                base.Write(value);
            }
        }

        public override void Write(string? value)
        {
            lock (_gate)
            {
                base.Write(value);
            }
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_gate)
            {
                base.Write(buffer, index, count);
            }
        }

        public override string ToString()
        {
            lock (_gate)
            {
                return base.ToString();
            }
        }
    }
}
