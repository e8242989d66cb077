using System.Text.RegularExpressions;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Tests.Support;

/// <summary>A command that runs in this process until it is stopped as by Ctrl-C.</summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _output = new();
    private readonly TextWriter _writer;
    private readonly Task<int> _run;

    public RunningCommand(params string[] args)
    {
        _writer = TextWriter.Synchronized(_output);
        _run = Task.Run(() => CommandLineApp.RunAsync(args, ConsoleUi.ForWriters(_writer, _writer), _stop.Token));
    }

    public string Output
    {
        get
        {
            lock (_writer)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits for the first address that the command prints.</summary>
    public async Task<Uri> AddressAsync()
    {
        await WaitForAsync("Ctrl-C");
        return new Uri(Regex.Match(Output, @"https?://\S+").Value);
    }

    /// <summary>Waits until the command has printed a text.</summary>
    public async Task WaitForAsync(string text)
    {
        for (int i = 0; i < 6000 && !Output.Contains(text, StringComparison.Ordinal); i++)
        {
            Assert.False(_run.IsCompleted, Output);
            await Task.Delay(10);
        }

        Assert.Contains(text, Output, StringComparison.Ordinal);
    }

    /// <summary>Stops the command and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _run.Wait(TimeSpan.FromSeconds(30));
        _stop.Dispose();
    }
}
