using System.Diagnostics;
using System.Globalization;
using FocalSharp.Models.Catalog;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Shows a download: a progress bar on a terminal, a line every 10 seconds in a file.</summary>
internal static class PullDisplay
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    /// <summary>Runs a download with a monitor for this console.</summary>
    public static Task<PullResult> ShowAsync(ConsoleUi ui, Func<IPullMonitor, Task<PullResult>> work) =>
        ui.IsInteractive
            ? ui.Out.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn())
                .StartAsync(context => work(new Bar(ui, context)))
            : work(new Lines(ui));

    private sealed class Bar(ConsoleUi ui, ProgressContext context) : IPullMonitor
    {
        private ProgressTask? _task;

        public void Info(string line) => ui.Line(line);

        public void Warn(string line) => ui.Warn(line);

        public void Progress(string what, long done, long? total)
        {
            _task ??= context.AddTask(Markup.Escape(what));
            _task.IsIndeterminate = total is null;
            _task.MaxValue = total ?? Math.Max(1, done);
            _task.Value = done;
        }
    }

    private sealed class Lines(ConsoleUi ui) : IPullMonitor
    {
        private long _last = Stopwatch.GetTimestamp();

        public void Info(string line) => ui.Line(line);

        public void Warn(string line) => ui.Warn(line);

        public void Progress(string what, long done, long? total)
        {
            if (Stopwatch.GetElapsedTime(_last) >= ReportInterval)
            {
                _last = Stopwatch.GetTimestamp();
                string suffix = total is { } all ? string.Create(CultureInfo.InvariantCulture, $" of {all / 1e6:0.0}") : "";
                ui.Line(string.Create(CultureInfo.InvariantCulture, $"{what}: {done / 1e6:0.0}{suffix} MB"));
            }
        }
    }
}
