using System.Text.RegularExpressions;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Tests.Support;

/// <summary>The tool in this process, running until it is stopped as by Ctrl-C.</summary>
internal sealed class RunningTool : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _said = new();
    private readonly TextWriter _writer;
    private readonly Task<int> _run;

    public RunningTool(params string[] args)
    {
        _writer = TextWriter.Synchronized(_said);
        _run = Task.Run(() => Tool.RunAsync(args, ConsoleUi.ForWriters(_writer, _writer), _stop.Token));
    }

    public string Said
    {
        get
        {
            lock (_writer)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>The first address that it tells.</summary>
    public async Task<Uri> AddressAsync()
    {
        for (int i = 0; i < 6000; i++)
        {
            if (Regex.Match(Said, @"https?://\S+") is { Success: true } match && Said.Contains("Ctrl-C", StringComparison.Ordinal))
            {
                return new Uri(match.Value);
            }

            Assert.False(_run.IsCompleted, Said);
            await Task.Delay(10);
        }

        throw new TimeoutException(Said);
    }

    /// <summary>Stops it and returns its exit code.</summary>
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
