using System.Runtime.InteropServices;

namespace FocalSharp.Cli.Terminal;

/// <summary>
/// Cancels a token on the first Ctrl-C (or SIGTERM), so that the command can save and stop cleanly. The second one ends the process
/// immediately.
/// </summary>
internal sealed class CtrlCHandler : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <summary>Starts to handle the signals.</summary>
    public CtrlCHandler()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Gets the token that the first signal cancels.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            return; // the default action ends the process
        }

        context.Cancel = true;
        Console.Error.WriteLine();
        Console.Error.WriteLine("Stopping… (press Ctrl-C again to stop immediately)");
        _source.Cancel();
    }
}
