using System.Diagnostics;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Runtime.Tiling;

namespace FocalSharp.Runtime.Sessions;

/// <summary>
/// One loaded file of a <see cref="Detector"/>. A reload replaces it as a whole, so that a call uses one model from its start to its end. Callers acquire
/// <see cref="Usage"/> first.
/// </summary>
internal sealed class ModelInstance : IDetector, IMemoryTrimming
{
    private readonly ModelSession _session;
    private readonly RuntimeOptions _options;
    private readonly ResolvedDetectOptions _defaults;
    private readonly InferenceContextPool _contexts;
    private volatile bool _shrinksArena;

    /// <summary>Initializes an instance, which owns the session.</summary>
    public ModelInstance(ModelSession session, RuntimeOptions options)
    {
        _session = session;
        ModelInfo info = session.Info;
        Model = options.InputSize is { } side ? info with { Resize = info.Resize with { LongSide = side, ShortSide = side } } : info;
        _options = options with { Decode = Model.Resize.ApplyTo(options.Decode) };
        _defaults = new ResolvedDetectOptions(options.Detect, Model);
        _contexts = new InferenceContextPool(() => session.CreateContext(Model, _shrinksArena), 2 * Environment.ProcessorCount, options.MaxPooledBytes);
        Usage = new UsageCounter(() =>
        {
            _contexts.Dispose();
            session.Dispose();
        });
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => Model.Classes;

    /// <summary>Gets the execution provider that runs the model.</summary>
    public string ExecutionProvider => _session.Provider;

    /// <summary>Gets the running calls and the prepared images; closing it frees the model after the last of them.</summary>
    public UsageCounter Usage { get; }

    /// <summary>Gets or sets the detector that the instance belongs to.</summary>
    public Detector? Owner { get; set; }

    /// <summary>Runs the model once on a black image, which allocates what the first call needs and fails if the model does not run.</summary>
    public void WarmUp()
    {
        int side = Math.Min(Model.Resize.ShortSide, Model.Resize.LongSide);
        Detect(new RgbImage(side, side));
    }

    /// <inheritdoc/>
    public Detections Detect(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default) =>
        DetectOne(image, ResolveOptions(options), cancellationToken);

    /// <inheritdoc/>
    public Detections[] Detect(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ResolvedDetectOptions resolved = ResolveOptions(options);
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

    /// <inheritdoc/>
    public Detections[] Detect(IReadOnlyList<PreparedImage> images, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ResolvedDetectOptions resolved = ResolveOptions(options);
        return resolved.Views is { } views
            ? AugmentedInference.Detect(this, images, views, cancellationToken)
            : DetectMany(new PreparedBatchInput(images), resolved, null, cancellationToken);
    }

    /// <summary>Decodes and resizes an image. The prepared image uses the instance until it is disposed.</summary>
    public PreparedImage Prepare(ImageSource image)
    {
        InferenceContext context = _contexts.Rent();
        try
        {
            PreparedImage prepared = PreparedImage.Create(image, context.DecodedPixels, Model.Resize, _options.Decode);
            prepared.Use(this);
            return prepared;
        }
        finally
        {
            _contexts.Return(context);
        }
    }

    /// <inheritdoc/>
    public void RetainLess()
    {
        _shrinksArena = IsOnCpu;
        _contexts.Dispose(); // later ones are created with the setting
    }

    /// <summary>Releases the buffers of idle calls and the memory that ONNX Runtime retains from larger batches.</summary>
    public void TrimMemory()
    {
        _contexts.Dispose();
        if (IsOnCpu)
        {
            using InferenceContext context = _session.CreateContext(Model, shrinksArena: true);
            context.RunBlank();
        }
    }

    /// <summary>Refuses new calls and frees the model after its last use.</summary>
    public void Dispose() => Usage.Close();

    private bool IsOnCpu => string.Equals(_options.ExecutionProvider, "cpu", StringComparison.OrdinalIgnoreCase);

    private Detections DetectOne(ImageSource image, ResolvedDetectOptions resolved, CancellationToken cancellationToken)
    {
        if (resolved.Views is { } views)
        {
            return AugmentedInference.Detect(this, image, views, _options.Decode, cancellationToken);
        }

        DetectorTelemetry.Call call = DetectorTelemetry.Begin(Model.Name, 1);
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
            call.End(found, error);
            if (context is not null)
            {
                _contexts.Return(context);
            }
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

    private Detections[] DetectMany(BatchInput images, ResolvedDetectOptions resolved, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        DetectorTelemetry.Call call = DetectorTelemetry.Begin(Model.Name, images.Count);
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
            call.End(found, error);
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
}
