using FocalSharp.Training.Loop;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Shows a training run: progress bars on a terminal, plain lines in a file.</summary>
internal static class TrainingDisplay
{
    /// <summary>Trains with a monitor for this console.</summary>
    public static T Show<T>(ConsoleUi ui, Func<IProgress<TrainingProgress>, T> work) =>
        ui.IsInteractive
            ? ui.Out.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context => work(new ProgressBarMonitor(ui, context)))
            : work(new LineMonitor(ui));
}
