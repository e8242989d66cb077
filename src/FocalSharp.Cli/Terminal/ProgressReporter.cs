using System.Diagnostics;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Reports the progress of countable work: a progress bar on a terminal, a line every 15 seconds in a file.</summary>
internal static class ProgressReporter
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(15);

    /// <summary>Runs work that reports how many of <paramref name="total"/> units are done, and returns its result.</summary>
    public static T Run<T>(ConsoleUi ui, string what, int total, Func<IProgress<int>, T> work)
    {
        if (!ui.IsInteractive)
        {
            return work(new Lines(ui, what, total));
        }

        return ui.Out.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Bar(context.AddTask(Markup.Escape(what), maxValue: total))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Value = value;
    }

    private sealed class Lines(ConsoleUi ui, string what, int total) : IProgress<int>
    {
        private long _last = Stopwatch.GetTimestamp();

        public void Report(int value)
        {
            if (Stopwatch.GetElapsedTime(_last) >= ReportInterval)
            {
                _last = Stopwatch.GetTimestamp();
                ui.Line($"{what}: {value} of {total}");
            }
        }
    }
}
