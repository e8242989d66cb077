using System.Diagnostics;
using System.Globalization;

namespace FocalSharp.Training.Distributed;

/// <summary>
/// Ends the run if a rank hangs, is stopped or can no longer be reached: a thread of each rank exchanges short reports with rank 0, beside the
/// exchange of the training. Rank 0 watches the others, and the others watch rank 0, so that one message names the rank.
/// </summary>
internal sealed class RankMonitor : IDisposable
{
    private const int ReportsPerTimeout = 8;

    private readonly IMonitoredCollective _own;
    private readonly IRankMessages _messages;
    private readonly TimeSpan _timeout;
    private readonly TextWriter _output;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();

    private RankMonitor(IMonitoredCollective own, IRankMessages messages, TimeSpan timeout, TextWriter output)
    {
        (_own, _messages, _timeout, _output) = (own, messages, timeout, output);
        _thread = new Thread(Run) { IsBackground = true, Name = nameof(RankMonitor) };
    }

    /// <summary>Starts to monitor.</summary>
    /// <param name="own">This rank.</param>
    /// <param name="messages">Sends and receives the reports; disposed with the monitor.</param>
    /// <param name="timeout">How long a rank may keep the others waiting.</param>
    /// <param name="output">Receives the message that names a rank.</param>
    public static RankMonitor Start(IMonitoredCollective own, IRankMessages messages, TimeSpan timeout, TextWriter output)
    {
        RankMonitor monitor = new(own, messages, timeout, output);
        monitor._thread.Start();
        return monitor;
    }

    /// <summary>Names the rank that keeps the others waiting for too long.</summary>
    /// <param name="rank">The rank whose monitor decides. Rank 0 watches all ranks, the others watch rank 0 and leave rank 0 the first word.</param>
    /// <param name="states">The last report of each rank that is watched, its own included; null for those that are not.</param>
    /// <param name="timeout">Seconds that a rank may keep the others waiting.</param>
    /// <returns>The rank and what is known about it, or null.</returns>
    public static (int Rank, string Reason)? FindProblem(int rank, IReadOnlyList<RankState?> states, double timeout)
    {
        double limit = rank == 0 ? timeout : timeout * (1.25 + (0.25 * rank / states.Count));
        for (int other = 0; other < states.Count; other++)
        {
            if (other != rank && states[other] is { } silent && silent.ReceivedSecondsAgo > limit)
            {
                return (other, Invariant($"has not responded for {silent.ReceivedSecondsAgo:F0} s: its process is stopped, or its connection is lost"));
            }
        }

        double longest = states.Max(state => state?.WaitingSeconds ?? 0);
        if (longest <= limit)
        {
            return null;
        }

        for (int other = 0; other < states.Count; other++)
        {
            if (states[other] is { WaitingSeconds: 0 } late)
            {
                return late.IsSuspended ? null : (other, Invariant($"has kept the others waiting for {longest:F0} s: it runs, but did not reach operation {late.Operations + 1}"));
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _messages.Dispose();
        _stop.Dispose();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Run()
    {
        int[] watched = _own.Rank == 0 ? [.. Enumerable.Range(1, _own.Size - 1)] : [0];
        TimeSpan interval = TimeSpan.FromSeconds(Math.Min(1, _timeout.TotalSeconds / ReportsPerTimeout));
        double[] report = new double[3];
        (double[] Values, long ReceivedAt)[] received = [.. Enumerable.Range(0, _own.Size).Select(_ => (new double[3], Stopwatch.GetTimestamp()))];
        while (!_stop.Wait(interval))
        {
            (report[0], report[1], report[2]) = (_own.Operations, _own.WaitingSeconds, _own.IsSuspended ? 1 : 0);
            foreach (int other in watched)
            {
                _messages.Send(other, report);
                while (_messages.TryReceive(other, received[other].Values))
                {
                    received[other].ReceivedAt = Stopwatch.GetTimestamp();
                }
            }

            RankState?[] states = new RankState?[_own.Size];
            states[_own.Rank] = new RankState((long)report[0], report[1], report[2] != 0, 0);
            foreach (int other in watched)
            {
                (double[] values, long at) = received[other];
                states[other] = new RankState((long)values[0], values[1], values[2] != 0, Stopwatch.GetElapsedTime(at).TotalSeconds);
            }

            if (FindProblem(_own.Rank, states, _timeout.TotalSeconds) is { } problem)
            {
                _output.WriteLine($"Error: rank {problem.Rank} of {_own.Size} {problem.Reason}. All ranks end; resume the run from its last checkpoint.");
                _output.Flush();
                _own.Abort();
                return;
            }
        }
    }
}
