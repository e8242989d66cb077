using System.Collections.Concurrent;
using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Serving.Models;

namespace FocalSharp.Serving.Tests.Support;

/// <summary>A model that finds its own image's frame, and can be held up, slow or broken.</summary>
internal sealed class FakeModel : IDetectionModel
{
    private readonly ConcurrentQueue<int> _batches = new();
    private int _disposed;
    private volatile TaskCompletionSource _unblocked = CreateCompleted();

    public ModelDescription Description { get; init; } = new()
    {
        Name = "fake",
        Classes = ["cat", "dog"],
        Limits = new DetectionLimits(0.3, 100),
        License = "MIT",
        Run = "runs/fake",
    };

    /// <summary>Width of images on which it fails.</summary>
    public int FailingWidth { get; set; } = -1;

    /// <summary>Sizes of the batches so far, the one of the start excepted.</summary>
    public IReadOnlyList<int> Batches => [.. _batches.Skip(1)];

    /// <summary>Inputs given back.</summary>
    public int Disposed => Volatile.Read(ref _disposed);

    /// <summary>Batches that have begun, the one of the start excepted.</summary>
    public int StartedBatches => _batches.Count - 1;

    /// <summary>Lets no further batch end until <see cref="Unblock"/>.</summary>
    public void Block() => _unblocked = new TaskCompletionSource();

    public void Unblock() => _unblocked.TrySetResult();

    public IModelInput Prepare(ReadOnlyMemory<byte> encoded, string name) => Prepare(ImageDecoder.Decode(encoded.Span, name: name));

    public IModelInput Prepare(RgbImage image) => new Input(this, new ImageSize(image.Width, image.Height));

    public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<IModelInput> inputs, DetectionLimits limits)
    {
        _batches.Enqueue(inputs.Count);
        _unblocked.Task.Wait(TimeSpan.FromSeconds(30));
        return inputs.Any(input => input.OriginalSize.Width == FailingWidth)
            ? throw new InvalidOperationException("secret detail of the model")
            : [.. inputs.Select(input => (IReadOnlyList<Detection>)[.. CreateDetections(input.OriginalSize).Where(found => found.Score > limits.ScoreThreshold).Take(limits.MaxDetections)])];
    }

    private static TaskCompletionSource CreateCompleted()
    {
        TaskCompletionSource freed = new();
        freed.SetResult();
        return freed;
    }

    private static IEnumerable<Detection> CreateDetections(ImageSize size)
    {
        yield return new Detection(new Box(0, 0, size.Width, size.Height), 1, 0.9f, new SideValues(1, 2, 3, 4));
        yield return new Detection(new Box(1.239f, 2, 3, 4), 0, 0.5f, new SideValues(0.5f, 0.5f, 0.5f, float.NaN));
        yield return new Detection(new Box(0, 0, 5, 5), 0, 0.1f, default);
    }

    private sealed class Input(FakeModel model, ImageSize original) : IModelInput
    {
        public ImageSize OriginalSize => original;

        public void Dispose() => Interlocked.Increment(ref model._disposed);
    }
}
