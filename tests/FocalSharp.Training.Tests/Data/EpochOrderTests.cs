using FocalSharp.Training.Data;

namespace FocalSharp.Training.Tests.Data;

public sealed class EpochOrderTests
{
    [Fact]
    public void Every_image_is_drawn_as_often_as_asked_and_the_last_batch_is_full()
    {
        int[][] batches = EpochOrder.CreateBatches(10, repeat: 2, batchSize: 8, seed: 3, epoch: 0);

        Assert.All(batches, batch => Assert.Equal(8, batch.Length));
        Assert.Equal(3, batches.Length);
        ILookup<int, int> drawn = batches.SelectMany(batch => batch).Take(20).ToLookup(index => index);
        Assert.All(Enumerable.Range(0, 10), index => Assert.Equal(2, drawn[index].Count()));
    }

    [Fact]
    public void One_seed_gives_one_order_and_epochs_differ()
    {
        int[] First(int seed, int epoch) => [.. EpochOrder.CreateBatches(50, 1, 10, seed, epoch).SelectMany(batch => batch)];

        Assert.Equal(First(1, 4), First(1, 4));
        Assert.NotEqual(First(1, 4), First(1, 5));
        Assert.NotEqual(First(1, 4), First(2, 4));
    }

    [Fact]
    public void Groups_never_share_a_batch()
    {
        int[] groups = [.. Enumerable.Range(0, 37).Select(index => index % 3 == 0 ? 1 : 0)];

        int[][] batches = EpochOrder.CreateBatches(37, 1, 4, seed: 0, epoch: 0, groups);

        Assert.All(batches, batch => Assert.Single(batch.Select(index => groups[index]).Distinct()));
        Assert.Equal(37, batches.SelectMany(batch => batch).Distinct().Count());
    }
}
