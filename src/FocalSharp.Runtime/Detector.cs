using System.Diagnostics;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Runtime.Tiling;

namespace FocalSharp.Runtime;

/// <summary>
/// Detects objects with an ONNX file that FocalSharp exported:
/// <c>using var detector = Detector.Load("model.onnx"); Detections found = detector.Detect("photo.jpg");</c>
/// Any number of threads may share one detector.
/// </summary>
public sealed class Detector : IDetector, IMemoryTrimming
{
    private readonly ModelSession _session;
    private readonly RuntimeOptions _options;
    private readonly ResolvedDetectOptions _defaults;
    private readonly InferenceContextPool _contexts;
    private readonly UsageCounter _usage;
    private volatile bool _shrinksArena;

    private Detector(ModelSession session, RuntimeOptions options)
    {
        _session = session;
        ModelInfo info = session.Info;
        Model = options.InputSize is { } side ? info with { Resize = info.Resize with { LongSide = side, ShortSide = side } } : info;
        _options = options;
        _options = options with { Decode = Model.Resize.ApplyTo(options.Decode) };
        _defaults = new ResolvedDetectOptions(options.Detect, Model);
        _contexts = new InferenceContextPool(() => _session.CreateContext(Model, _shrinksArena), 2 * Environment.ProcessorCount, options.MaxPooledBytes);
        _usage = new UsageCounter(() =>
        {
            _contexts.Dispose();
            _session.Dispose();
        });
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => Model.Classes;

    /// <summary>
    /// Gets the execution provider that runs the model: that of the options, or <c>cpu</c> if it does not work on this machine and
    /// <see cref="RuntimeOptions.OnProviderFallback"/> was called.
    /// </summary>
    public string ExecutionProvider => _session.Provider;

    /// <summary>Loads a model.</summary>
    /// <param name="path">An ONNX file that FocalSharp exported.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <exception cref="ModelException">There is no such file, or it is not a model that FocalSharp exported.</exception>
    /// <exception cref="OptionException">An option is out of range.</exception>
    /// <exception cref="PlatformException">The execution provider is not available, and there is no <see cref="RuntimeOptions.OnProviderFallback"/>.</exception>
    public static Detector Load(string path, RuntimeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new RuntimeOptions();
        return new Detector(ModelSession.Open(path, options), options);
    }

    /// <summary>Loads a model from memory.</summary>
    /// <param name="model">The file's bytes; they are not needed afterwards.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <param name="name">The model's name in error messages.</param>
    /// <exception cref="ModelException">It is not a model that FocalSharp exported.</exception>
    /// <exception cref="OptionException">An option is out of range.</exception>
    /// <exception cref="PlatformException">The execution provider is not available, and there is no <see cref="RuntimeOptions.OnProviderFallback"/>.</exception>
    public static Detector Load(byte[] model, RuntimeOptions? options = null, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new RuntimeOptions();
        return new Detector(ModelSession.Open(model, name, options), options);
    }

    /// <summary>Loads a model from a stream, such as an embedded resource. The stream is read to its end and left open.</summary>
    /// <param name="model">The stream.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <param name="name">The model's name in error messages.</param>
    /// <exception cref="ModelException">It is not a model that FocalSharp exported.</exception>
    /// <exception cref="OptionException">An option is out of range.</exception>
    /// <exception cref="PlatformException">The execution provider is not available, and there is no <see cref="RuntimeOptions.OnProviderFallback"/>.</exception>
    public static Detector Load(Stream model, RuntimeOptions? options = null, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        using MemoryStream bytes = new();
        model.CopyTo(bytes);
        return Load(bytes.ToArray(), options, name);
    }

    /// <summary>Runs the model once on a black image, so that the first call does not include one-time costs.</summary>
    public void WarmUp()
    {
        int side = Math.Min(Model.Resize.ShortSide, Model.Resize.LongSide);
        Detect(new RgbImage(side, side));
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections Detect(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default) =>
        DetectOne(image, ResolveOptions(options), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections[] Detect(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return DetectMany(images, ResolveOptions(options), progress, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections[] Detect(IReadOnlyList<PreparedImage> images, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ResolvedDetectOptions resolved = ResolveOptions(options);
        return resolved.Views is { } views
            ? AugmentedInference.Detect(this, images, views, cancellationToken)
            : DetectMany(new PreparedBatchInput(images), resolved, null, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>A stream is read asynchronously.</remarks>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public async Task<Detections> DetectAsync(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ImageSource loaded = await image.LoadAsync(_options.Decode, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => DetectOne(loaded, ResolveOptions(options), cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Streams are read asynchronously.</remarks>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public async Task<Detections[]> DetectAsync(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageSource[] loaded = new ImageSource[images.Count];
        for (int i = 0; i < loaded.Length; i++)
        {
            loaded[i] = await images[i].LoadAsync(_options.Decode, cancellationToken).ConfigureAwait(false);
        }

        return await Task.Run(() => DetectMany(loaded, ResolveOptions(options), progress, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public PreparedImage Prepare(ImageSource image)
    {
        _usage.Acquire();
        InferenceContext? context = null;
        try
        {
            context = _contexts.Rent();
            return PreparedImage.Create(image, context.DecodedPixels, Model.Resize, _options.Decode);
        }
        finally
        {
            Release(context);
        }
    }

    private bool IsOnCpu => string.Equals(_options.ExecutionProvider, "cpu", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    void IMemoryTrimming.RetainLess()
    {
        _shrinksArena = IsOnCpu;
        _contexts.Dispose(); // later ones are created with the setting
    }

    /// <summary>Releases the buffers of idle calls and the memory that ONNX Runtime retains from larger batches.</summary>
    void IMemoryTrimming.TrimMemory()
    {
        _usage.Acquire();
        try
        {
            _contexts.Dispose();
            if (IsOnCpu)
            {
                using InferenceContext context = _session.CreateContext(Model, shrinksArena: true);
                context.RunBlank();
            }
        }
        finally
        {
            _usage.Release();
        }
    }

    /// <summary>Refuses new calls and frees the model when the last running call has finished.</summary>
    public void Dispose() => _usage.Close();

    private Detections DetectOne(ImageSource image, ResolvedDetectOptions resolved, CancellationToken cancellationToken)
    {
        if (resolved.Views is { } views)
        {
            return AugmentedInference.Detect(this, image, views, _options.Decode, cancellationToken);
        }

        _usage.Acquire();
        Activity? activity = DetectorTelemetry.Begin(Model.Name, 1);
        Exception? error = null;
        int found = 0;
        InferenceContext? context = null;
        try
        {
            context = _contexts.Rent();
            (Detection[] detections, ImageSize size) = DetectOne(context, image, resolved, cancellationToken);
            detections = resolved.Finish(detections);
            found = detections.Length;
            return new Detections(detections, Classes, size.Width, size.Height);
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            DetectorTelemetry.End(activity, Model.Name, 1, found, error);
            Release(context);
        }
    }

    private (Detection[] Detections, ImageSize Size) DetectOne(
        InferenceContext context, ImageSource image, ResolvedDetectOptions resolved, CancellationToken cancellationToken)
    {
        long time = Stopwatch.GetTimestamp();
        try
        {
            using RowReader? rows = image.TryOpenRows(_options.Decode);
            if (rows is not null)
            {
                return (TiledInference.Detect(context, rows, resolved, Model, image.Name, cancellationToken), rows.Size);
            }
        }
        catch (ImageException exception) when (image.IsSkipped(exception, _options.Decode))
        {
            return ([], new ImageSize(1, 1));
        }

        PixelView pixels = image.View(context.DecodedPixels, _options.Decode);
        IReadOnlyList<Tile> tiles = resolved.GetTiles(pixels.Width, pixels.Height, Model.Resize);
        Detection[] detections = tiles.Count > 1
            ? TiledInference.Detect(context, pixels, tiles, resolved, Model, cancellationToken)
            : context.Detect(pixels, resolved.Postprocess, Model, time, cancellationToken);
        return (detections, new ImageSize(pixels.Width, pixels.Height));
    }

    private Detections[] DetectMany(
        IReadOnlyList<ImageSource> images, ResolvedDetectOptions resolved, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (resolved.Tiles is null && resolved.Views is null)
        {
            return DetectMany(new EncodedBatchInput(images, _options.Decode, Model.Resize), resolved, progress, cancellationToken);
        }

        Detections[] results = new Detections[images.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = DetectOne(images[i], resolved, cancellationToken);
            progress?.Report(i + 1);
        }

        return results;
    }

    private Detections[] DetectMany(BatchInput images, ResolvedDetectOptions resolved, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        _usage.Acquire();
        Activity? activity = DetectorTelemetry.Begin(Model.Name, images.Count);
        Exception? error = null;
        int found = 0;
        try
        {
            using BatchInference run = new(_contexts, Model, resolved, _options.MaxBatch);
            Detections[] results = run.DetectAll(images, progress, cancellationToken);
            found = results.Sum(result => result.Count);
            return results;
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            DetectorTelemetry.End(activity, Model.Name, images.Count, found, error);
            _usage.Release();
        }
    }

    private ResolvedDetectOptions ResolveOptions(DetectOptions? options)
    {
        if (options is null)
        {
            return _defaults;
        }

        options.Validate();
        return new ResolvedDetectOptions(options.WithDefaults(_options.Detect), Model);
    }

    private void Release(InferenceContext? context)
    {
        if (context is not null)
        {
            _contexts.Return(context);
        }

        _usage.Release();
    }
}
