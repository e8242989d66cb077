using System.Collections.Concurrent;
using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime;

namespace FocalSharp.Serving.Tests.Support;

/// <summary>A detector that returns the frame of each image, and that can be blocked or made to fail.</summary>
internal sealed class FakeDetector : IDetector
{
    private static readonly string[] ClassNames = ["cat", "dog"];

    private readonly ConcurrentQueue<int> _batches = new();
    private readonly ConcurrentBag<PreparedImage> _prepared = [];
    private volatile TaskCompletionSource _unblocked = CreateCompleted();

    public ModelInfo Model { get; } = new()
    {
        Name = "fake",
        Classes = ClassNames,
        Postprocess = new PostprocessOptions { ScoreThreshold = 0.3, MaxDetections = 100 },
        Resize = new ResizeRule { LongSide = 32, ShortSide = 32 },
        License = "MIT",
        Run = """{"command":"focalsharp train demo"}""",
    };

    /// <summary>Gets or sets the width of images on which it fails.</summary>
    public int FailingWidth { get; set; } = -1;

    /// <summary>Gets the sizes of the batches so far, without the warm-up.</summary>
    public IReadOnlyList<int> Batches => [.. _batches];

    /// <summary>Gets the number of prepared images that are disposed.</summary>
    public int Disposed => _prepared.Count(IsDisposed);

    /// <summary>Gets the number of batches that have started, without the warm-up.</summary>
    public int StartedBatches => _batches.Count;

    /// <summary>Lets no further batch end until <see cref="Unblock"/>.</summary>
    public void Block() => _unblocked = new TaskCompletionSource();

    public void Unblock() => _unblocked.TrySetResult();

    public PreparedImage Prepare(ImageSource image)
    {
        PreparedImage prepared = PreparedImage.Create(image, Model.Resize);
        _prepared.Add(prepared);
        return prepared;
    }

    public Runtime.Detections Detect(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        using PreparedImage prepared = PreparedImage.Create(image, Model.Resize);
        return Find(prepared.OriginalSize, options);
    }

    public Runtime.Detections[] Detect(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        [.. images.Select(image => Detect(image, options, cancellationToken))];

    public Runtime.Detections[] Detect(IReadOnlyList<PreparedImage> images, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        _batches.Enqueue(images.Count);
        _unblocked.Task.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.DoesNotContain(images, IsDisposed);
        return images.Any(image => image.OriginalSize.Width == FailingWidth)
            ? throw new InvalidOperationException("secret detail of the model")
            : [.. images.Select(image => Find(image.OriginalSize, options))];
    }

    public void Dispose()
    {
    }

    private static TaskCompletionSource CreateCompleted()
    {
        TaskCompletionSource completed = new();
        completed.SetResult();
        return completed;
    }

    private static bool IsDisposed(PreparedImage image)
    {
        try
        {
            return image.Pixels.IsEmpty;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private Runtime.Detections Find(ImageSize size, DetectOptions? options)
    {
        Detection[] all =
        [
            new(new Box(0, 0, size.Width, size.Height), 1, 0.9f, new SideValues(1, 2, 3, 4)),
            new(new Box(1.239f, 2, 3, 4), 0, 0.5f, new SideValues(0.5f, 0.5f, 0.5f, float.NaN)),
            new(new Box(0, 0, 5, 5), 0, 0.1f, default),
        ];
        double threshold = options?.ScoreThreshold ?? Model.Postprocess.ScoreThreshold;
        int max = options?.MaxDetections ?? Model.Postprocess.MaxDetections;
        return new Runtime.Detections([.. all.Where(detection => detection.Score > threshold).Take(max)], ClassNames, size.Width, size.Height);
    }
}
