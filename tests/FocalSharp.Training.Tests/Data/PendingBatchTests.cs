using FocalSharp.Imaging;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Training.Data;

namespace FocalSharp.Training.Tests.Data;

public sealed class PendingBatchTests
{
    [Fact]
    public void A_batch_that_is_not_started_is_prepared_by_the_one_who_takes_it() =>
        Assert.Equal([0, 1, 2], Create(3, Sample).Take().Images);

    [Fact]
    public void A_prepared_batch_is_not_prepared_again()
    {
        int calls = 0;
        PendingBatch batch = Create(3, index =>
        {
            calls++;
            return Sample(index);
        });
        batch.Prepare();

        Assert.Equal([0, 1, 2], batch.Take().Images);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task A_loader_thread_without_processor_time_does_not_hold_up_the_batch()
    {
        using ManualResetEventSlim stuck = new();
        using ManualResetEventSlim release = new();
        int calls = 0;
        PendingBatch batch = Create(4, index =>
        {
            if (Interlocked.Increment(ref calls) == 2)
            {
                stuck.Set();
                release.Wait(TestContext.Current.CancellationToken);
            }

            return Sample(index);
        });
        Task loader = Task.Run(batch.Prepare, TestContext.Current.CancellationToken);
        stuck.Wait(TestContext.Current.CancellationToken);

        Assert.Equal([0, 1, 2, 3], batch.Take().Images);

        Assert.False(loader.IsCompleted);
        release.Set();
        await loader;
        Assert.Equal(5, calls); // the stuck one was prepared twice
    }

    [Fact]
    public void A_failed_sample_is_thrown_to_the_one_who_takes_the_batch()
    {
        PendingBatch batch = Create(3, index => index == 1 ? throw new DatasetException("gone") : Sample(index));

        batch.Prepare(); // on a loader thread, where it would not be caught

        Assert.Equal("gone", Assert.Throws<DatasetException>(() => batch.Take()).Message);
    }

    private static PendingBatch Create(int count, Func<int, (TrainingSample Sample, int[] Sources)> prepare) => new(
        count, prepare, (samples, sources) => new TrainingBatch([], 0, 0, [], [], [.. sources.Select(one => one.Single())]));

    private static (TrainingSample Sample, int[] Sources) Sample(int index) => (new TrainingSample(new RgbImage(1, 1), [], []), [index]);
}
