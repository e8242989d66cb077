using System.Diagnostics;
using System.Text.Json;

namespace FocalSharp.Training.Distributed;

/// <summary>Measures the exchange of one rank during its steps; it measures nothing in a single process.</summary>
/// <param name="ranks">The ranks, as the training thread uses them.</param>
/// <param name="gradients">The exchange of gradients; null in a single process.</param>
internal sealed class RankProfiler(ICollective ranks, GradientReducer? gradients)
{
    private readonly IMonitoredCollective? _monitored = ranks as IMonitoredCollective;
    private RankTimings _total = new(0, 0, 0, 0, 0, 0);
    private RankTimings _start = new(0, 0, 0, 0, 0, 0);
    private long _startedAt;

    /// <summary>Starts a step.</summary>
    public void BeginStep()
    {
        _start = Read();
        _startedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends a step.</summary>
    public void EndStep()
    {
        RankTimings now = Read();
        _total = new RankTimings(
            _total.Steps + 1,
            _total.StepSeconds + Stopwatch.GetElapsedTime(_startedAt).TotalSeconds,
            _total.ExchangeSeconds + now.ExchangeSeconds - _start.ExchangeSeconds,
            _total.GradientWaitSeconds + now.GradientWaitSeconds - _start.GradientWaitSeconds,
            _total.GradientSeconds + now.GradientSeconds - _start.GradientSeconds,
            _total.Exchanges + now.Exchanges - _start.Exchanges);
    }

    /// <summary>Returns the times of all ranks, in their order, on all ranks; empty in a single process.</summary>
    public IReadOnlyList<RankTimings> Gather() => ranks.Size == 1
        ? []
        : [.. ranks.GatherTexts(JsonSerializer.Serialize(_total)).Select(text => JsonSerializer.Deserialize<RankTimings>(text)!)];

    private RankTimings Read() => new(
        0,
        0,
        _monitored?.ExchangeTime.TotalSeconds ?? 0,
        gradients?.WaitTime.TotalSeconds ?? 0,
        gradients?.ExchangeTime.TotalSeconds ?? 0,
        _monitored?.Operations ?? 0);
}
