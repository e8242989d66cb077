using System.Globalization;
using FocalSharp.Training.Trainers.Stages;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Where a training's time went, as <c>train --profile</c> prints it.</summary>
internal static class ProfileView
{
    private static readonly Dictionary<TrainingStage, string> Meanings = new()
    {
        [TrainingStage.LoaderWait] = "waiting for the loader",
        [TrainingStage.HostToTensor] = "bytes to a tensor, normalised",
        [TrainingStage.Forward] = "network forward",
        [TrainingStage.Assignment] = "anchors to objects",
        [TrainingStage.Losses] = "three losses and their gradients",
        [TrainingStage.Backward] = "network backward",
        [TrainingStage.Clip] = "gradients: clear, norm, clip",
        [TrainingStage.Optimizer] = "optimiser",
        [TrainingStage.StatisticsGuard] = "batch norms' statistics kept aside",
        [TrainingStage.MovingAverage] = "moving average of the weights",
        [TrainingStage.Logging] = "records and the screen",
        [TrainingStage.Checkpoints] = "weights and states to disk",
        [TrainingStage.Evaluation] = "judgements",
    };

    /// <summary>Prints the stages, with their share of the steps' time; judgements and files stand beside the steps.</summary>
    public static void Write(ConsoleUi ui, StageTimes times)
    {
        int steps = Math.Max(1, times.Steps);
        ui.Line();
        ui.Heading(string.Create(CultureInfo.InvariantCulture, $"Where the time went: {times.Steps} steps, {times.Images / Math.Max(times.StepSeconds, 1e-9):0.0} images/s"));
        Table table = Tables.Create(ui, "stage", ">seconds", ">ms a step", ">share", "");
        foreach (TrainingStage stage in StageTimes.Stages)
        {
            bool beside = StageTimes.IsBesideSteps(stage);
            table.Row(
                StageTimes.NameOf(stage),
                Number(times[stage], "0.00"),
                beside ? "" : Number(1000 * times[stage] / steps, "0.00"),
                beside ? "" : Number(100 * times[stage] / Math.Max(times.StepSeconds, 1e-9), "0.0") + " %",
                Meanings[stage]);
        }

        ui.Write(table);
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Beside the network: {100 * times.Overhead:0.0} % on top of forward and backward; {times.AllocatedBytes / 1024.0 / steps:0} KiB managed memory a step"));
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
