using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Runtime.Models;
using FocalSharp.Runtime.Outputs;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Sessions;

/// <summary>
/// The memory of one run: decoded image, input batch, thresholds and outputs, bound to the session once and used again as long as
/// shapes stay. Many lanes share a session; a lane serves one call at a time.
/// </summary>
internal sealed class Lane : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();
    private readonly OutputBuffers _outputs;
    private readonly BoundArray<byte> _images = new(ModelContract.Images);
    private readonly BoundArray<long>? _sizes;
    private readonly BoundArray<float>? _score;
    private readonly BoundArray<float>? _iou;
    private readonly BoundArray<long>? _most;
    private ImageFrame[] _frames = [];
    private ImageSize _size;

    public Lane(InferenceSession session, ModelInfo model)
    {
        _session = session;
        _binding = session.CreateIoBinding();
        _outputs = OutputBuffers.For(model);
        _sizes = Optional<long>(ModelContract.Sizes);
        _score = Optional<float>(ModelContract.ScoreThreshold);
        _iou = Optional<float>(ModelContract.IouThreshold);
        _most = Optional<long>(ModelContract.MaxDetections);
        _score?.Reserve([]);
        _iou?.Reserve([]);
        _most?.Reserve([]);
        _score?.BindInput(_binding);
        _iou?.BindInput(_binding);
        _most?.BindInput(_binding);

        BoundArray<T>? Optional<T>(string name)
            where T : unmanaged => ModelContract.Takes(session, name) ? new BoundArray<T>(name) : null;
    }

    /// <summary>What images are decoded into.</summary>
    public PixelBuffer Decoded { get; } = new();

    /// <summary>Number of pictures placed since <see cref="Begin"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Begins a batch of inputs of one size.</summary>
    public void Begin(int most, ImageSize size)
    {
        (_size, Count) = (size, 0);
        _images.Grow(checked(most * size.Width * size.Height * 3));
        if (_frames.Length < most)
        {
            _frames = new ImageFrame[most];
        }
    }

    /// <summary>Memory of the next picture, <c>[height, width, 3]</c>, to be filled whole.</summary>
    public Span<byte> Next()
    {
        int length = _size.Width * _size.Height * 3;
        return _images.Data.AsSpan(Count * length, length);
    }

    /// <summary>Takes the picture that <see cref="Next"/> was filled with.</summary>
    public void Add(ImageFrame frame) => _frames[Count++] = frame;

    /// <summary>Runs the network on the pictures placed.</summary>
    public void Run(PostprocessOptions options, CancellationToken cancellation)
    {
        if (_images.Reserve([Count, _size.Height, _size.Width, 3]))
        {
            _images.BindInput(_binding);
        }

        if (_sizes is not null)
        {
            if (_sizes.Reserve([Count, 2]))
            {
                _sizes.BindInput(_binding);
            }

            for (int i = 0; i < Count; i++)
            {
                (_sizes.Data[2 * i], _sizes.Data[(2 * i) + 1]) = (_frames[i].Height, _frames[i].Width);
            }
        }

        Set(_score, (float)options.ScoreThreshold);
        Set(_iou, (float)options.NmsThreshold);
        Set(_most, options.MaxDetections);
        _outputs.Bind(_binding, Count, _size, options);

        cancellation.ThrowIfCancellationRequested();
        _run.Terminate = false;
        using CancellationTokenRegistration ending = cancellation.CanBeCanceled
            ? cancellation.UnsafeRegister(static run => ((RunOptions)run!).Terminate = true, _run)
            : default;
        try
        {
            _session.RunWithBinding(_run, _binding);
        }
        catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new UserErrorException(
                $"ONNX Runtime failed on a batch of {Count} inputs of {_size} ({ModelFile.FirstLine(exception)}). Is the model a whole file that 'focalsharp export' wrote?",
                exception);
        }
    }

    /// <summary>What was found in a picture, in pixels of its original.</summary>
    public Detection[] Read(int picture, PostprocessOptions options) => _outputs.Read(picture, _frames[picture], options);

    /// <summary>One picture's way from pixels to detections.</summary>
    public Detection[] Detect(PixelView pixels, PostprocessOptions options, ModelInfo model, long since, CancellationToken cancellation)
    {
        ImageSize size = model.Resize.PaddedSizeOf(pixels.Width, pixels.Height);
        Begin(1, size);
        Add(model.Resize.Into(pixels, Next(), size));
        long time = DetectorTelemetry.Stage("prepare", model.Name, since);
        Run(options, cancellation);
        time = DetectorTelemetry.Stage("run", model.Name, time);
        Detection[] found = Read(0, options);
        DetectorTelemetry.Stage("read", model.Name, time);
        return found;
    }

    /// <summary>Gives back image memory beyond what an idle lane may keep.</summary>
    public void Trim(long keptBytes)
    {
        if (Decoded.Capacity > keptBytes)
        {
            Decoded.Clear();
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        _run.Dispose();
        _images.Dispose();
        _sizes?.Dispose();
        _score?.Dispose();
        _iou?.Dispose();
        _most?.Dispose();
        _outputs.Dispose();
    }

    private static void Set<T>(BoundArray<T>? scalar, T value)
        where T : unmanaged
    {
        if (scalar is not null)
        {
            scalar.Data[0] = value;
        }
    }
}
