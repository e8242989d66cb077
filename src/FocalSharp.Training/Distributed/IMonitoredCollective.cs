namespace FocalSharp.Training.Distributed;

/// <summary>What a <see cref="RankMonitor"/> reads of the rank it runs in.</summary>
internal interface IMonitoredCollective
{
    /// <summary>Gets the rank.</summary>
    int Rank { get; }

    /// <summary>Gets the number of ranks.</summary>
    int Size { get; }

    /// <summary>Gets the number of completed operations.</summary>
    long Operations { get; }

    /// <summary>Gets how long operations of this instance, which one thread uses, took so far; waiting for other ranks included.</summary>
    TimeSpan ExchangeTime { get; }

    /// <summary>
    /// Gets for how long the thread that trains has been waiting for the others, in an operation or in <see cref="BeginWaiting"/>; 0 if it is not. Other threads
    /// that exchange are not considered: they may wait for each other while one of the ranks hangs.
    /// </summary>
    double WaitingSeconds { get; }

    /// <summary>Gets whether the rank does something on purpose that the others wait for, however long it takes.</summary>
    bool IsSuspended { get; }

    /// <summary>States that the thread that trains waits for an exchange of another thread, until the result is disposed.</summary>
    IDisposable BeginWaiting();

    /// <summary>Suspends the time-out until the result is disposed: the others wait for this rank on purpose.</summary>
    IDisposable SuspendTimeout();

    /// <summary>Ends the processes of all ranks.</summary>
    void Abort();
}
