using System.Globalization;
using FocalSharp.Reporting;
using FocalSharp.Training.Distributed;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Prints where the time of a training run went, for <c>train --profile</c>.</summary>
internal static class ProfileView
{
    private static readonly Dictionary<StepPhase, string> Descriptions = new()
    {
        [StepPhase.LoaderWait] = "waiting for the loader",
        [StepPhase.HostToTensor] = "bytes to tensor, normalization",
        [StepPhase.Forward] = "network forward",
        [StepPhase.Assignment] = "assignment of objects to anchors",
        [StepPhase.Losses] = "losses and their gradients",
        [StepPhase.Backward] = "network backward",
        [StepPhase.Clip] = "gradient norm and clipping",
        [StepPhase.Optimizer] = "optimizer step",
        [StepPhase.StatisticsGuard] = "backup of batch norm statistics",
        [StepPhase.MovingAverage] = "moving average of the weights",
        [StepPhase.Logging] = "metrics files and console",
        [StepPhase.Checkpoints] = "weights and checkpoints",
        [StepPhase.Evaluation] = "evaluation",
        [StepPhase.GradientWait] = "waiting for gradients of other ranks",
    };

    /// <summary>Prints the phases with their share of the steps' time; evaluation and files are outside the steps.</summary>
    public static void Write(ConsoleUi ui, PhaseTimings times)
    {
        int steps = Math.Max(1, times.Steps);
        ui.Line();
        ui.Heading(string.Create(CultureInfo.InvariantCulture, $"Where the time went: {times.Steps} steps, {times.Images / Math.Max(times.StepSeconds, 1e-9):0.0} images/s"));
        Table table = Tables.Create(ui, "phase", ">seconds", ">ms/step", ">share", "");
        foreach (StepPhase phase in PhaseTimings.Phases)
        {
            bool outside = PhaseTimings.IsOutsideStep(phase);
            table.Row(
                PhaseTimings.GetName(phase),
                Number(times[phase], "0.00"),
                outside ? "" : Number(1000 * times[phase] / steps, "0.00"),
                outside ? "" : Number(100 * times[phase] / Math.Max(times.StepSeconds, 1e-9), "0.0") + " %",
                Descriptions[phase]);
        }

        ui.Write(table);
        ui.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Overhead: {100 * times.OverheadFraction:0.0} % on top of forward and backward; {times.AllocatedBytes / 1024.0 / steps:0} KiB of managed memory allocated per step"));
    }

    /// <summary>Prints what the ranks did in their steps; nothing for a single process.</summary>
    public static void Write(ConsoleUi ui, IReadOnlyList<RankTimings> ranks)
    {
        if (ranks.Count == 0)
        {
            return;
        }

        ui.Line();
        ui.Heading("What the ranks did in a step");
        Table table = Tables.Create(ui, "rank", ">ms/step", ">compute", ">exchange", ">gradient wait", ">gradients", ">hidden");
        foreach ((RankTimings rank, int number) in ranks.Select((rank, number) => (rank, number)))
        {
            table.Row(
                number.ToString(CultureInfo.InvariantCulture),
                PerStep(rank, rank.StepSeconds),
                PerStep(rank, rank.ComputeSeconds),
                PerStep(rank, rank.ExchangeSeconds),
                PerStep(rank, rank.GradientWaitSeconds),
                PerStep(rank, rank.GradientSeconds),
                PerStep(rank, rank.HiddenSeconds));
        }

        ui.Write(table);
        ui.Line("exchange: batch norm statistics, losses and decisions; gradients: their exchange; hidden: its part beside the backward pass. Waiting for other ranks is included");
    }

    private static string PerStep(RankTimings rank, double seconds) => Number(1000 * seconds / Math.Max(1, rank.Steps), "0.00");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
