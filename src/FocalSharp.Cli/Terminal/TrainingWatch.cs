using FocalSharp.Explorer;
using FocalSharp.Explorer.Losses;
using FocalSharp.Explorer.Training;
using FocalSharp.Training.Loop;

namespace FocalSharp.Cli.Terminal;

/// <summary>
/// The page of <c>train --watch</c>, on a free port of this machine only. It is started and stopped synchronously: training stays on the thread that joined the
/// ranks.
/// </summary>
internal sealed class TrainingWatch : IDisposable
{
    private readonly ExplorerHost _host;

    private TrainingWatch(ExplorerHost host, TrainingFeed feed) => (_host, Feed) = (host, feed);

    /// <summary>Gets what the page shows.</summary>
    public TrainingFeed Feed { get; }

    /// <summary>Starts the page and prints its address.</summary>
    public static TrainingWatch Start(ConsoleUi ui, CancellationToken cancellationToken)
    {
        TrainingFeed feed = new();
        ExplorerHost host = ExplorerHost.StartAsync(new ExplorerOptions { Port = 0 }, [new LossPages(), new TrainingPages(feed)], cancellationToken).GetAwaiter().GetResult();
        ui.Success($"Watch the training at {new Uri(host.Address, TrainingPages.Slug)}");
        return new TrainingWatch(host, feed);
    }

    /// <summary>Returns a monitor that reports to the page too.</summary>
    public IProgress<TrainingProgress> Follow(IProgress<TrainingProgress> monitor) => new Both(monitor, Feed);

    /// <summary>Shows that the run has ended, and stops the page.</summary>
    public void Dispose()
    {
        Feed.End("The run has ended; the terminal shows its result.");
        Thread.Sleep(TimeSpan.FromSeconds(1.2)); // readers ask once a second
        _host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private sealed class Both(IProgress<TrainingProgress> first, IProgress<TrainingProgress> second) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            first.Report(value);
            second.Report(value);
        }
    }
}
