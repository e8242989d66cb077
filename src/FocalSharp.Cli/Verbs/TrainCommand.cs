using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>train</c>.</summary>
internal static class TrainCommand
{
    /// <summary>Trains as asked and returns the exit code.</summary>
    public static Task<int> RunAsync(TrainRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ui.Quiet(request.CommandLine);
        throw new UserErrorException("train: this build has no trainer.");
    }
}
