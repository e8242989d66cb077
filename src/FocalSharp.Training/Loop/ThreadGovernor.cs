namespace FocalSharp.Training.Loop;

/// <summary>
/// Adapts the number of threads to the processor time that other processes leave: threads that wait for one late thread at every operator are
/// slower than fewer threads. Low processor use starts a trial of fewer threads, time starts a trial of more; the faster number of threads
/// stays. Pure: measurements in, the number of threads out.
/// </summary>
internal sealed class ThreadGovernor
{
    /// <summary>The steps of a window; the first one after a change is not counted.</summary>
    public const int WindowSteps = 8;

    /// <summary>The processor use of all threads below which fewer threads are tried. It only starts a measurement.</summary>
    public const double LowUse = 0.8;

    /// <summary>Seconds after which another number of threads is tried again.</summary>
    public const double RetrySeconds = 30;

    private readonly int _maxThreads;
    private readonly List<double> _seconds = [];
    private double _processorSeconds;
    private double _waited = RetrySeconds; // the first trial needs no wait
    private bool _skipNext = true; // the first step includes one-time work
    private int _previous;
    private double _previousSeconds = double.NaN;

    /// <summary>Initializes a governor.</summary>
    /// <param name="maxThreads">The number of threads of an idle machine.</param>
    public ThreadGovernor(int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        _maxThreads = maxThreads;
        Threads = maxThreads;
    }

    /// <summary>Gets the number of threads to use.</summary>
    public int Threads { get; private set; }

    /// <summary>Gets whether the current number of threads is being tried.</summary>
    public bool IsTrial => !double.IsNaN(_previousSeconds);

    /// <summary>Records a step.</summary>
    /// <param name="seconds">Seconds of the step.</param>
    /// <param name="processorSeconds">Processor seconds of the process in the step, over all threads.</param>
    /// <returns>Whether <see cref="Threads"/> changed.</returns>
    public bool AfterStep(double seconds, double processorSeconds)
    {
        _waited += seconds;
        if (_skipNext)
        {
            _skipNext = false;
            return false;
        }

        _seconds.Add(seconds);
        _processorSeconds += processorSeconds;
        if (_seconds.Count < WindowSteps || _maxThreads == 1)
        {
            return false;
        }

        double median = _seconds.Order().ElementAt(WindowSteps / 2);
        double use = _processorSeconds / Math.Max(_seconds.Sum() * Threads, 1e-9);
        _seconds.Clear();
        _processorSeconds = 0;
        if (IsTrial)
        {
            return EndTrial(median);
        }

        if (_waited < RetrySeconds)
        {
            return false;
        }

        int candidate = Threads > 1 && use < LowUse ? Math.Clamp((int)(use * Threads), 1, Threads - 1)
            : Threads < _maxThreads ? (Threads + _maxThreads + 1) / 2
            : Threads;
        if (candidate == Threads)
        {
            return false;
        }

        (_previous, _previousSeconds) = (Threads, median);
        Change(candidate);
        return true;
    }

    private bool EndTrial(double median)
    {
        bool faster = median < _previousSeconds;
        _previousSeconds = double.NaN;
        _waited = 0;
        if (!faster)
        {
            Change(_previous);
        }

        return !faster;
    }

    private void Change(int threads)
    {
        Threads = threads;
        _skipNext = true;
    }
}
