using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>predict</c>.</summary>
internal static class PredictCommand
{
    /// <summary>Predicts as asked and returns the exit code.</summary>
    public static int Run(PredictRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ui.Quiet(request.Model);
        throw new UserErrorException("predict: this build has no predictor.");
    }
}
