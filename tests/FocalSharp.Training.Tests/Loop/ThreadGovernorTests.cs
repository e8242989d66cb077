using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Tests.Loop;

public sealed class ThreadGovernorTests
{
    [Fact]
    public void An_idle_machine_keeps_all_threads()
    {
        ThreadGovernor governor = new(2);

        Run(governor, steps: 500, threads => (1.0 / threads, 0.95));

        Assert.Equal(2, governor.Threads);
    }

    [Fact]
    public void Threads_that_wait_for_a_late_one_are_reduced_if_that_is_faster()
    {
        ThreadGovernor governor = new(2);

        // One of two cores is taken: two threads need 4 s a step and use half of their time, one thread needs 2 s.
        Run(governor, steps: 30, threads => threads == 2 ? (4, 0.5) : (2, 1));

        Assert.Equal(1, governor.Threads);
        Assert.False(governor.IsTrial);
    }

    [Fact]
    public void Fewer_threads_that_are_slower_are_given_up()
    {
        ThreadGovernor governor = new(2);

        // Slow because of the disk, not of other processes.
        Run(governor, steps: 25, threads => threads == 2 ? (1, 0.5) : (1.5, 0.6));

        Assert.Equal(2, governor.Threads);
    }

    [Fact]
    public void All_threads_return_once_the_other_process_has_ended()
    {
        ThreadGovernor governor = new(2);
        Run(governor, steps: 30, threads => threads == 2 ? (4, 0.5) : (2, 1));
        Assert.Equal(1, governor.Threads);

        Run(governor, steps: 60, threads => threads == 2 ? (1, 0.95) : (2, 1));

        Assert.Equal(2, governor.Threads);
        Assert.False(governor.IsTrial);
    }

    [Fact]
    public void Many_threads_are_reduced_to_those_that_have_processor_time()
    {
        ThreadGovernor governor = new(16);

        Run(governor, steps: 20, threads => (threads > 8 ? 4 : 1.0, threads > 8 ? 0.5 : 0.95));

        Assert.Equal(8, governor.Threads);
    }

    [Fact]
    public void A_single_thread_stays()
    {
        ThreadGovernor governor = new(1);

        Run(governor, steps: 100, _ => (1, 0.3));

        Assert.Equal(1, governor.Threads);
    }

    [Fact]
    public void Without_threads_there_is_nothing_to_govern() => Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadGovernor(0));

    private static void Run(ThreadGovernor governor, int steps, Func<int, (double Seconds, double Use)> machine)
    {
        for (int step = 0; step < steps; step++)
        {
            (double seconds, double use) = machine(governor.Threads);
            governor.AfterStep(seconds, seconds * use * governor.Threads);
        }
    }
}
