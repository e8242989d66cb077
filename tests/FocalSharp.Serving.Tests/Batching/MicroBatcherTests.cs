using FocalSharp.Detections;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Metrics;
using FocalSharp.Serving.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FocalSharp.Serving.Tests.Batching;

public sealed class MicroBatcherTests
{
    private static readonly DetectionLimits All = new(0, 100);

    [Fact]
    public async Task Waiting_images_share_batches_and_get_their_own_detections()
    {
        FakeDetector model = new();
        using ServingMetrics metrics = new();
        await using MicroBatcher batcher = Make(model, metrics, new BatchingOptions { MaxBatch = 3, QueueLimit = 10 });
        model.Block();
        using QueueSlots places = batcher.TryReserve(8)!;
        Task<IReadOnlyList<Detection>> first = places.DetectAsync(model.Prepare(new RgbImage(10, 10)), All, CancellationToken.None);
        await Eventually.IsTrueAsync(() => model.StartedBatches >= 1, "the first runs, alone or not");
        int[] widths = [11, 12, 13, 14, 15, 16, 17];
        Task<IReadOnlyList<Detection>>[] others = [.. widths.Select(width => places.DetectAsync(model.Prepare(new RgbImage(width, 10)), All, CancellationToken.None))];

        model.Unblock();

        Assert.Equal(10, (await first)[0].Box.X2);
        Assert.Equal(widths.Select(width => (float)width), (await Task.WhenAll(others)).Select(found => found[0].Box.X2));
        Assert.Equal([1, 3, 3, 1], model.Batches);
        Assert.Equal(0, batcher.Reserved);
    }

    [Fact]
    public async Task A_batch_waits_for_images_in_preparation()
    {
        FakeDetector model = new();
        using ServingMetrics metrics = new();
        await using MicroBatcher batcher = Make(model, metrics, new BatchingOptions { MaxBatch = 2, MaxWait = TimeSpan.FromSeconds(10), QueueLimit = 10 });
        using QueueSlots places = batcher.TryReserve(2)!; // the second is being prepared
        Task<IReadOnlyList<Detection>> first = places.DetectAsync(model.Prepare(new RgbImage(10, 10)), All, CancellationToken.None);
        await Eventually.IsTrueAsync(() => batcher.Waiting == 0, "the first was taken");
        Assert.Equal(0, model.StartedBatches);

        Task<IReadOnlyList<Detection>> second = places.DetectAsync(model.Prepare(new RgbImage(20, 10)), All, CancellationToken.None);

        await Task.WhenAll(first, second);
        Assert.Equal([2], model.Batches);
    }

    [Fact]
    public async Task A_single_image_does_not_wait()
    {
        FakeDetector model = new();
        using ServingMetrics metrics = new();
        await using MicroBatcher batcher = Make(model, metrics, new BatchingOptions { MaxBatch = 2, MaxWait = TimeSpan.FromSeconds(10), QueueLimit = 10 });
        using QueueSlots places = batcher.TryReserve(1)!;

        await places.DetectAsync(model.Prepare(new RgbImage(10, 10)), All, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task An_image_on_which_the_model_fails_does_not_fail_the_others()
    {
        FakeDetector model = new();
        using ServingMetrics metrics = new();
        await using MicroBatcher batcher = Make(model, metrics, new BatchingOptions { MaxBatch = 3, MaxWait = TimeSpan.FromSeconds(10), QueueLimit = 10 });
        model.FailingWidth = 13;
        using QueueSlots places = batcher.TryReserve(3)!;

        Task<IReadOnlyList<Detection>>[] found = [.. new[] { 12, 13, 14 }.Select(width => places.DetectAsync(model.Prepare(new RgbImage(width, 10)), All, CancellationToken.None))];

        await Assert.ThrowsAsync<InvalidOperationException>(() => found[1]);
        Assert.Equal(12, (await found[0])[0].Box.X2);
        Assert.Equal(14, (await found[2])[0].Box.X2);
        Assert.Equal([3, 1, 1, 1], model.Batches);
        Assert.Equal(3, model.Disposed);
    }

    [Fact]
    public async Task Each_request_gets_what_its_own_limits_allow()
    {
        FakeDetector model = new();
        using ServingMetrics metrics = new();
        await using MicroBatcher batcher = Make(model, metrics, new BatchingOptions { MaxBatch = 3, MaxWait = TimeSpan.FromSeconds(10), QueueLimit = 10 });
        using QueueSlots places = batcher.TryReserve(3)!;
        DetectionLimits[] limits = [new(0.05, 100), new(0.6, 100), new(0, 1)];

        IReadOnlyList<Detection>[] found = await Task.WhenAll(limits.Select(limit => places.DetectAsync(model.Prepare(new RgbImage(10, 10)), limit, CancellationToken.None)));

        Assert.Equal([3], model.Batches);
        Assert.Equal([3, 1, 1], found.Select(image => image.Count));
    }

    [Fact]
    public async Task Images_of_canceled_requests_are_skipped()
    {
        FakeDetector model = new();
        using ServingMetrics metrics = new();
        await using MicroBatcher batcher = Make(model, metrics, new BatchingOptions { MaxBatch = 1, QueueLimit = 10 });
        model.Block();
        using QueueSlots places = batcher.TryReserve(3)!;
        Task<IReadOnlyList<Detection>> first = places.DetectAsync(model.Prepare(new RgbImage(10, 10)), All, CancellationToken.None);
        await Eventually.IsTrueAsync(() => model.StartedBatches == 1, "the first runs");
        using CancellationTokenSource gone = new();
        Task<IReadOnlyList<Detection>> second = places.DetectAsync(model.Prepare(new RgbImage(11, 10)), All, gone.Token);
        Task<IReadOnlyList<Detection>> third = places.DetectAsync(model.Prepare(new RgbImage(12, 10)), All, CancellationToken.None);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        model.Unblock();

        await Task.WhenAll(first, third);
        Assert.Equal([1, 1], model.Batches);
        Assert.Equal(3, model.Disposed);
    }

    [Fact]
    public async Task Disposing_runs_what_waits()
    {
        FakeDetector model = new();
        using ServingMetrics metrics = new();
        MicroBatcher batcher = Make(model, metrics, new BatchingOptions { MaxBatch = 2, QueueLimit = 10 });
        model.Block();
        using QueueSlots places = batcher.TryReserve(5)!;
        Task<IReadOnlyList<Detection>>[] found = [.. Enumerable.Range(10, 5).Select(width => places.DetectAsync(model.Prepare(new RgbImage(width, 10)), All, CancellationToken.None))];

        Task disposing = batcher.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        model.Unblock();

        await disposing;
        Assert.All(found, image => Assert.True(image.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Places_are_given_all_or_none_and_come_back()
    {
        FakeDetector model = new();
        using ServingMetrics metrics = new();
        await using MicroBatcher batcher = Make(model, metrics, new BatchingOptions { QueueLimit = 4 });

        QueueSlots three = batcher.TryReserve(3)!;
        Assert.Null(batcher.TryReserve(2));
        Assert.Equal(3, batcher.Reserved);
        three.Dispose();
        three.Dispose();

        using QueueSlots four = batcher.TryReserve(4)!;
        Assert.NotNull(four);
    }

    private static MicroBatcher Make(FakeDetector model, ServingMetrics metrics, BatchingOptions options) => new(model, new ServingOptions { Batching = options }, metrics, NullLogger<MicroBatcher>.Instance);
}
