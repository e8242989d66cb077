using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Tests.Distributed;

public sealed class RankMonitorTests
{
    private const double Timeout = 10;

    [Fact]
    public void A_rank_that_does_not_respond_is_named()
    {
        RankState?[] states = [new(5, 3, false, 0), new(5, 3, false, 1), new(5, 0, false, 10.5)];

        (int rank, string reason) = Assert.NotNull(RankMonitor.FindProblem(0, states, Timeout));

        Assert.Equal(2, rank);
        Assert.Contains("has not responded for 1", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_that_keeps_the_others_waiting_is_named()
    {
        RankState?[] states = [new(5, 10.5, false, 0), new(4, 0, false, 1), new(5, 10.2, false, 1)];

        (int rank, string reason) = Assert.NotNull(RankMonitor.FindProblem(0, states, Timeout));

        Assert.Equal(1, rank);
        Assert.Contains("has kept the others waiting for 1", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_may_wait_for_as_long_as_the_timeout_and_for_one_that_is_suspended()
    {
        Assert.Null(RankMonitor.FindProblem(0, [new(5, 9.9, false, 0), new(4, 0, false, 1)], Timeout));
        Assert.Null(RankMonitor.FindProblem(0, [new(5, 0, true, 0), new(6, 100, false, 1)], Timeout));
        Assert.Null(RankMonitor.FindProblem(0, [new(5, 0, false, 0), new(5, 0, false, 1)], Timeout)); // both compute
    }

    [Fact]
    public void Rank_0_has_the_first_word_and_the_others_watch_it()
    {
        RankState?[] states = [new(5, 0, false, 11), new(6, 11, false, 0), null];

        Assert.Null(RankMonitor.FindProblem(1, states, Timeout));
        Assert.Equal(0, RankMonitor.FindProblem(1, [states[0]!.Value with { ReceivedSecondsAgo = 15 }, states[1], null], Timeout)?.Rank);
        Assert.Equal(0, RankMonitor.FindProblem(0, [new(5, 0, false, 0), new(6, 11, false, 1)], Timeout)?.Rank); // by its own monitor
    }
}
