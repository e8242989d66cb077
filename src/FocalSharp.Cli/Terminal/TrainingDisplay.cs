using FocalSharp.Training.Runs;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Shows a training run: bars where a person watches, plain lines where the output is kept.</summary>
internal static class TrainingDisplay
{
    /// <summary>Runs the work with a monitor that fits the console.</summary>
    public static TrainingOutcome Show(ConsoleUi ui, Func<ITrainingMonitor, TrainingOutcome> work) =>
        ui.IsInteractive
            ? ui.Out.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context => work(new ProgressBarMonitor(ui, context)))
            : work(new LineMonitor(ui));
}
