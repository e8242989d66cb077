using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Imaging.Tests.Augmentation;

public sealed class AugmentationRandomTests
{
    [Fact]
    public void Seed_epoch_and_index_each_start_another_stream()
    {
        ulong[] firsts = [First(1, 0, 0), First(2, 0, 0), First(1, 1, 0), First(1, 0, 1), First(-1, 0, 0), First(1, 1, 1)];
        Assert.Equal(firsts.Length, firsts.Distinct().Count());
        Assert.Equal(firsts[5], First(1, 1, 1));

        static ulong First(long seed, int epoch, int index)
        {
            AugmentationRandom random = new(seed, epoch, index);
            return random.NextUInt64();
        }
    }

    [Fact]
    public void First_numbers_of_neighbouring_samples_are_uniform()
    {
        int[] bins = new int[10];
        for (int index = 0; index < 10000; index++)
        {
            AugmentationRandom random = new(42, 3, index);
            bins[(int)(random.NextDouble() * 10)]++;
        }

        Assert.All(bins, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Whole_numbers_cover_their_range_evenly()
    {
        AugmentationRandom random = new(5);
        int[] bins = new int[7];
        for (int i = 0; i < 7000; i++)
        {
            bins[random.NextInt(7)]++;
        }

        Assert.All(bins, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Chance_follows_its_probability()
    {
        AugmentationRandom random = new(6);
        Assert.Equal(0, Enumerable.Range(0, 1000).Count(_ => random.Chance(0)));
        Assert.Equal(1000, Enumerable.Range(0, 1000).Count(_ => random.Chance(1)));
        Assert.InRange(Enumerable.Range(0, 10000).Count(_ => random.Chance(0.3)), 2800, 3200);
    }
}
