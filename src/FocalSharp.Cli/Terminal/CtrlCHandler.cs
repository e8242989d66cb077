using System.Runtime.InteropServices;

namespace FocalSharp.Cli.Terminal;

/// <summary>
/// Turns the first Ctrl-C (or SIGTERM) into a cancellation, so that training can save and end cleanly; the second ends the
/// process at once.
/// </summary>
internal sealed class CtrlCHandler : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public CtrlCHandler()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

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
        Console.Error.WriteLine("Stopping… (press Ctrl-C again to stop at once)");
        _source.Cancel();
    }
}
