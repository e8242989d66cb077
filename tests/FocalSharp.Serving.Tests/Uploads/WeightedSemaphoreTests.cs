using FocalSharp.Serving.Uploads;

namespace FocalSharp.Serving.Tests.Uploads;

public sealed class WeightedSemaphoreTests
{
    [Fact]
    public async Task What_fits_is_let_in_at_once_and_what_does_not_waits_for_a_release()
    {
        WeightedSemaphore limit = new(10);
        IDisposable six = await limit.AcquireAsync(6, CancellationToken.None);
        using IDisposable four = await limit.AcquireAsync(4, CancellationToken.None);

        Task<IDisposable> waiting = limit.AcquireAsync(5, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        six.Dispose();

        using IDisposable five = await waiting;
    }

    [Fact]
    public async Task A_light_one_does_not_overtake_a_heavy_one_that_came_first()
    {
        WeightedSemaphore limit = new(10);
        IDisposable nine = await limit.AcquireAsync(9, CancellationToken.None);
        Task<IDisposable> heavy = limit.AcquireAsync(10, CancellationToken.None).AsTask();
        Task<IDisposable> light = limit.AcquireAsync(1, CancellationToken.None).AsTask();

        nine.Dispose();

        IDisposable ten = await heavy;
        Assert.False(light.IsCompleted);
        ten.Dispose();
        (await light).Dispose();
    }

    [Fact]
    public async Task Giving_up_lets_the_next_one_in()
    {
        WeightedSemaphore limit = new(10);
        using IDisposable nine = await limit.AcquireAsync(9, CancellationToken.None);
        using CancellationTokenSource patience = new();
        Task<IDisposable> heavy = limit.AcquireAsync(10, patience.Token).AsTask();
        Task<IDisposable> light = limit.AcquireAsync(1, CancellationToken.None).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => heavy);
        (await light).Dispose();
    }

    [Fact]
    public async Task Releasing_twice_gives_back_once()
    {
        WeightedSemaphore limit = new(10);
        IDisposable ten = await limit.AcquireAsync(10, CancellationToken.None);
        ten.Dispose();
        ten.Dispose();

        using IDisposable full = await limit.AcquireAsync(10, CancellationToken.None);
        Assert.False(limit.AcquireAsync(1, CancellationToken.None).AsTask().IsCompleted);
    }
}
