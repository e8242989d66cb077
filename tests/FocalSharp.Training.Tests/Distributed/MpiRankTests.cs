using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Tests.Distributed;

/// <summary>What one rank does; <see cref="MpiCollectiveTests"/> starts it with mpirun.</summary>
public sealed class MpiRankTests
{
    [Fact(Explicit = true)]
    public void Every_operation_gives_all_ranks_the_same_values()
    {
        using ICollective ranks = Collective.FromEnvironment(TimeSpan.FromSeconds(30));
        (int rank, int size) = (ranks.Rank, ranks.Size);
        Assert.Equal(2, size);

        float[] floats = [rank, 1, 0.5f];
        ranks.AllReduceSum(floats);
        Assert.Equal([1, 2, 1], floats);

        double[] doubles = [rank, 1e300];
        ranks.AllReduceSum(doubles);
        Assert.Equal([1, 2e300], doubles);

        double[] highest = [rank, -rank];
        ranks.AllReduceMax(highest);
        Assert.Equal([1, 0], highest);

        byte[] bytes = [(byte)rank, 7];
        ranks.Broadcast(bytes, 1);
        Assert.Equal([1, 7], bytes);

        byte[] all = new byte[2 * size];
        ranks.AllGather([(byte)rank, 9], all);
        Assert.Equal([0, 9, 1, 9], all);

        byte[] received = new byte[size];
        ranks.AllToAll([(byte)(10 * rank), (byte)((10 * rank) + 1)], received);
        Assert.Equal([(byte)rank, (byte)(10 + rank)], received);

        IMonitoredCollective monitored = (IMonitoredCollective)ranks;
        (long operations, TimeSpan before) = (monitored.Operations, monitored.ExchangeTime);
        ranks.Barrier();
        Assert.Equal(operations + 1, monitored.Operations);
        Assert.True(monitored.ExchangeTime > before);

        float[] rounded = [.. Enumerable.Range(0, 1001).Select(i => (rank + 1) * (i + 0.001f))];
        new BFloat16Wire(ranks).AllReduceSum(rounded);
        Assert.All(rounded.Select((sum, i) => (sum, i)), value => Assert.Equal(3 * value.i, value.sum, (value.i / 32.0) + 0.01));

        using ICollective? second = ranks.Duplicate();
        Assert.NotNull(second); // both libraries allow several threads
        Thread other = new(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                float[] part = new float[1000];
                part[i] = 1;
                second.AllReduceSum(part);
                Assert.Equal(2, part[i]);
            }
        });
        other.Start();
        for (int i = 0; i < 20; i++)
        {
            ranks.Barrier();
        }

        other.Join();

        // A rank that computes keeps the others waiting, even if its second thread waits too.
        Thread exchange = new(() =>
        {
            Thread.Sleep(rank == 0 ? 0 : 1000);
            second.Barrier();
        });
        exchange.Start();
        Thread.Sleep(100);
        Assert.Equal(0, monitored.WaitingSeconds);
        using (monitored.BeginWaiting())
        {
            Thread.Sleep(50);
            Assert.True(monitored.WaitingSeconds > 0);
        }

        Assert.Equal(0, monitored.WaitingSeconds);
        exchange.Join();
        Assert.Equal(["rank 0", "a longer text of rank 1"], ranks.GatherTexts(rank == 0 ? "rank 0" : "a longer text of rank 1"));
        Assert.Equal(42, ranks.Broadcast(rank == 0 ? 42 : 0));
        string message = Assert.Throws<TrainingException>(() => ranks.RunTogether(
            () => rank == 1 ? throw new FileException("The disk is full.") : 0)).Message;
        Assert.Equal($"Rank 1 of 2 on {Environment.MachineName}: The disk is full.", message);
    }
}
