using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>eval</c>.</summary>
internal static class EvalCommand
{
    /// <summary>Judges as asked and returns the exit code.</summary>
    public static int Run(EvalRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ui.Quiet(request.CommandLine);
        throw new UserErrorException("eval: this build has no evaluation.");
    }
}
