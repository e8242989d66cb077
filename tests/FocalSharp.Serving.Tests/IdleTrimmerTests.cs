using FocalSharp.Serving.Tests.Support;

namespace FocalSharp.Serving.Tests;

public sealed class IdleTrimmerTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Memory_is_released_once_after_each_time_that_images_were_processed()
    {
        long processed = 0;
        int trims = 0;
        await using IdleTrimmer trimmer = new(() => Interlocked.Read(ref processed), () => false, () => Interlocked.Increment(ref trims), Idle);
        await Task.Delay(5 * Idle, TestContext.Current.CancellationToken);
        Assert.Equal(0, Volatile.Read(ref trims)); // nothing was processed

        Interlocked.Add(ref processed, 3);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref trims) == 1, "memory is released");
        Interlocked.Increment(ref processed);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref trims) == 2, "memory is released again");
        await Task.Delay(5 * Idle, TestContext.Current.CancellationToken);

        Assert.Equal(2, Volatile.Read(ref trims));
    }

    [Fact]
    public async Task Memory_in_use_is_not_released()
    {
        long processed = 0;
        int trims = 0;
        await using (new IdleTrimmer(() => Interlocked.Read(ref processed), () => true, () => Interlocked.Increment(ref trims), Idle))
        {
            Interlocked.Increment(ref processed);
            await Task.Delay(10 * Idle, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, trims);
    }
}
