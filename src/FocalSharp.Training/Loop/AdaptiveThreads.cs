using System.Globalization;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>Applies a <see cref="ThreadGovernor"/> to libtorch while a run takes steps, and restores the number of threads at the end.</summary>
internal sealed class AdaptiveThreads : IDisposable
{
    private readonly TrainingEvents _events;
    private readonly int _original = get_num_threads();
    private readonly ThreadGovernor? _governor;
    private double _processorSeconds = GetProcessorSeconds();
    private int _reported;

    /// <summary>Initializes a regulation.</summary>
    /// <param name="events">Receives changes.</param>
    /// <param name="options">The number of threads, and whether it follows other processes.</param>
    public AdaptiveThreads(TrainingEvents events, TrainerOptions options)
    {
        _events = events;
        if (options.Threads > 0)
        {
            set_num_threads(options.Threads);
        }

        _reported = get_num_threads();
        _governor = options.AdaptThreads ? new ThreadGovernor(_reported) : null;
    }

    /// <summary>Records a step, and changes the number of threads if another one may be or is faster. Call it on the thread that takes the steps.</summary>
    /// <param name="seconds">Seconds of the step.</param>
    public void AfterStep(double seconds)
    {
        if (_governor is null)
        {
            return;
        }

        double now = GetProcessorSeconds();
        if (_governor.AfterStep(seconds, now - _processorSeconds))
        {
            set_num_threads(_governor.Threads);
        }

        _processorSeconds = now;
        if (!_governor.IsTrial && _governor.Threads != _reported)
        {
            string message = string.Create(
                CultureInfo.InvariantCulture,
                $"Threads: {_reported} → {_governor.Threads}, which is faster now: other processes use the processor differently. The weights will differ in the last bits from those of a run with one number throughout");
            _events.Report(TrainingEvent.ThreadsChanged, message, null, ("threads", _governor.Threads), ("threads_before", _reported));
            _reported = _governor.Threads;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (get_num_threads() != _original)
        {
            set_num_threads(_original);
        }
    }

    private static double GetProcessorSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
