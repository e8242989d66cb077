using System.Globalization;
using FocalSharp.Reporting;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Where a training's time went, as <c>train --profile</c> prints it.</summary>
internal static class ProfileView
{
    private static readonly Dictionary<StepPhase, string> Descriptions = new()
    {
        [StepPhase.LoaderWait] = "waiting for the loader",
        [StepPhase.HostToTensor] = "bytes to a tensor, normalised",
        [StepPhase.Forward] = "network forward",
        [StepPhase.Assignment] = "anchors to objects",
        [StepPhase.Losses] = "three losses and their gradients",
        [StepPhase.Backward] = "network backward",
        [StepPhase.Clip] = "gradients: clear, norm, clip",
        [StepPhase.Optimizer] = "optimiser",
        [StepPhase.StatisticsGuard] = "batch norms' statistics kept aside",
        [StepPhase.MovingAverage] = "moving average of the weights",
        [StepPhase.Logging] = "records and the screen",
        [StepPhase.Checkpoints] = "weights and states to disk",
        [StepPhase.Evaluation] = "judgements",
    };

    /// <summary>Prints the stages, with their share of the steps' time; judgements and files stand beside the steps.</summary>
    public static void Write(ConsoleUi ui, PhaseTimings times)
    {
        int steps = Math.Max(1, times.Steps);
        ui.Line();
        ui.Heading(string.Create(CultureInfo.InvariantCulture, $"Where the time went: {times.Steps} steps, {times.Images / Math.Max(times.StepSeconds, 1e-9):0.0} images/s"));
        Table table = Tables.Create(ui, "stage", ">seconds", ">ms a step", ">share", "");
        foreach (StepPhase stage in PhaseTimings.Phases)
        {
            bool beside = PhaseTimings.IsOutsideStep(stage);
            table.Row(
                PhaseTimings.GetName(stage),
                Number(times[stage], "0.00"),
                beside ? "" : Number(1000 * times[stage] / steps, "0.00"),
                beside ? "" : Number(100 * times[stage] / Math.Max(times.StepSeconds, 1e-9), "0.0") + " %",
                Descriptions[stage]);
        }

        ui.Write(table);
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Beside the network: {100 * times.OverheadFraction:0.0} % on top of forward and backward; {times.AllocatedBytes / 1024.0 / steps:0} KiB managed memory a step"));
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
