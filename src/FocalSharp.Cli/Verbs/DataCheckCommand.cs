using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>data check</c>.</summary>
internal static class DataCheckCommand
{
    /// <summary>Checks as asked and returns the exit code.</summary>
    public static int Run(DataCheckRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ui.Quiet(request.Path);
        throw new UserErrorException("data check: this build has no readers.");
    }
}
