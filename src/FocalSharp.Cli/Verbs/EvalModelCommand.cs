using FocalSharp.Cli.Terminal;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Verbs;

/// <summary>The part of <c>eval</c> that runs a model.</summary>
internal static class EvalModelCommand
{
    /// <summary>Runs the model on the data set and judges its detections.</summary>
    public static RunResult Judge(EvalRequest request, ConsoleUi ui, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ui.Quiet(request.Model ?? "");
        throw new UserErrorException("eval: this build runs no models.");
    }
}
