using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Runtime.Metadata;
using FocalSharp.Runtime.Outputs;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Sessions;

/// <summary>
/// The buffers of one inference: decoded image, input batch, thresholds and outputs, bound to the session once and reused while shapes do
/// not change. Contexts share a session; each serves one call at a time.
/// </summary>
internal sealed class InferenceContext : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ModelInfo _model;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly OutputBuffers _outputs;
    private readonly PinnedTensor<byte> _images = new(ModelContract.Images);
    private readonly PinnedTensor<long>? _sizes;
    private readonly PinnedTensor<float>? _scoreThreshold;
    private readonly PinnedTensor<float>? _iouThreshold;
    private readonly PinnedTensor<long>? _maxDetections;
    private ResizeTransform[] _transforms = [];
    private ImageSize _size;

    /// <summary>Allocates what does not depend on the input size.</summary>
    /// <param name="session">The session.</param>
    /// <param name="model">The model.</param>
    /// <param name="shrinksArena">Whether ONNX Runtime returns the memory of activations after each run.</param>
    public InferenceContext(InferenceSession session, ModelInfo model, bool shrinksArena)
    {
        (_session, _model) = (session, model);
        _binding = session.CreateIoBinding();
        _outputs = OutputBuffers.Create(model);
        if (shrinksArena)
        {
            _runOptions.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        }

        _sizes = Optional<long>(ModelContract.Sizes);
        _scoreThreshold = Optional<float>(ModelContract.ScoreThreshold);
        _iouThreshold = Optional<float>(ModelContract.IouThreshold);
        _maxDetections = Optional<long>(ModelContract.MaxDetections);
        _scoreThreshold?.EnsureShape([]);
        _iouThreshold?.EnsureShape([]);
        _maxDetections?.EnsureShape([]);
        _scoreThreshold?.BindInput(_binding);
        _iouThreshold?.BindInput(_binding);
        _maxDetections?.BindInput(_binding);

        PinnedTensor<T>? Optional<T>(string name)
            where T : unmanaged => ModelContract.HasInput(session, name) ? new PinnedTensor<T>(name) : null;
    }

    /// <summary>The buffer that images are decoded into.</summary>
    public PixelBuffer DecodedPixels { get; } = new();

    /// <summary>Number of images added since <see cref="BeginBatch"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a batch of inputs of one size.</summary>
    public void BeginBatch(int max, ImageSize size)
    {
        (_size, Count) = (size, 0);
        _images.EnsureCapacity(checked(max * size.Width * size.Height * 3));
        if (_transforms.Length < max)
        {
            _transforms = new ResizeTransform[max];
        }
    }

    /// <summary>Returns the memory of the next image, <c>[height, width, 3]</c>; the caller writes all of it.</summary>
    public Span<byte> NextInput()
    {
        int length = _size.Width * _size.Height * 3;
        return _images.Data.AsSpan(Count * length, length);
    }

    /// <summary>Adds the image that was written to <see cref="NextInput"/>.</summary>
    public void Add(ResizeTransform transform) => _transforms[Count++] = transform;

    /// <summary>Runs the network on the images added.</summary>
    public void Run(PostprocessOptions options, CancellationToken cancellationToken)
    {
        if (_images.EnsureShape([Count, _size.Height, _size.Width, 3]))
        {
            _images.BindInput(_binding);
        }

        if (_sizes is not null)
        {
            if (_sizes.EnsureShape([Count, 2]))
            {
                _sizes.BindInput(_binding);
            }

            for (int i = 0; i < Count; i++)
            {
                (_sizes.Data[2 * i], _sizes.Data[(2 * i) + 1]) = (_transforms[i].Height, _transforms[i].Width);
            }
        }

        SetScalar(_scoreThreshold, (float)options.ScoreThreshold);
        SetScalar(_iouThreshold, (float)options.NmsThreshold);
        SetScalar(_maxDetections, options.MaxDetections);
        _outputs.Bind(_binding, Count, _size, options);

        cancellationToken.ThrowIfCancellationRequested();
        _runOptions.Terminate = false;
        using CancellationTokenRegistration termination = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, _runOptions)
            : default;
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            throw ModelSession.CreateRunException(_model, Count, _size, exception);
        }
    }

    /// <summary>Returns the detections of an image of the batch, in pixels of the original.</summary>
    public Detection[] Read(int index, PostprocessOptions options) => _outputs.Read(index, _transforms[index], options);

    /// <summary>Detects objects in one image.</summary>
    public Detection[] Detect(PixelView pixels, PostprocessOptions options, ModelInfo model, long since, CancellationToken cancellationToken)
    {
        ImageSize size = model.Resize.GetPaddedSize(pixels.Width, pixels.Height);
        BeginBatch(1, size);
        Add(model.Resize.ResizeInto(pixels, NextInput(), size));
        long time = DetectorTelemetry.Stage("prepare", model.Name, since);
        Run(options, cancellationToken);
        DetectorTelemetry.Batch(model.Name, 1);
        time = DetectorTelemetry.Stage("run", model.Name, time);
        Detection[] found = Read(0, options);
        DetectorTelemetry.Stage("read", model.Name, time);
        return found;
    }

    /// <summary>Detects objects in a prepared image.</summary>
    public Detection[] Detect(PreparedImage image, PostprocessOptions options, CancellationToken cancellationToken)
    {
        BeginBatch(1, image.InputSize);
        image.Pixels.CopyTo(NextInput());
        Add(image.Transform);
        Run(options, cancellationToken);
        return Read(0, options);
    }

    /// <summary>Runs the network on one black image; a context that shrinks the arena then returns the memory of earlier, larger batches.</summary>
    public void RunBlank()
    {
        ImageSize size = _model.Resize.GetPaddedSize(_model.Resize.LongSide, _model.Resize.ShortSide);
        BeginBatch(1, size);
        NextInput().Clear();
        Add(new ResizeTransform(size.Width, size.Height, 1, 1));
        Run(_model.Postprocess, CancellationToken.None);
    }

    /// <summary>Releases image memory beyond what an idle context may retain.</summary>
    public void Trim(long maxPooledBytes)
    {
        if (DecodedPixels.Capacity > maxPooledBytes)
        {
            DecodedPixels.Clear();
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        _runOptions.Dispose();
        _images.Dispose();
        _sizes?.Dispose();
        _scoreThreshold?.Dispose();
        _iouThreshold?.Dispose();
        _maxDetections?.Dispose();
        _outputs.Dispose();
    }

    private static void SetScalar<T>(PinnedTensor<T>? scalar, T value)
        where T : unmanaged
    {
        if (scalar is not null)
        {
            scalar.Data[0] = value;
        }
    }
}
