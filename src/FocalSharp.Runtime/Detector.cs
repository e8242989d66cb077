using System.Diagnostics;
using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Runtime.Models;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Runtime.Tiling;
using FocalSharp.Tiling;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime;

/// <summary>
/// A detector in one ONNX file: <c>using var detector = Detector.Load("model.onnx"); Detections found = detector.Detect("photo.jpg");</c>.
/// One detector serves any number of threads; what it finds equals what <c>focalsharp predict</c> finds with the same weights.
/// </summary>
public sealed class Detector : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RuntimeOptions _options;
    private readonly Wishes _defaults;
    private readonly LanePool _lanes;
    private readonly Leases _leases;

    private Detector((InferenceSession Session, ModelInfo Info) model, RuntimeOptions options)
    {
        (_session, Model) = model;
        _options = options;
        _defaults = new Wishes(options.Detect, Model.Postprocess);
        _lanes = new LanePool(() => new Lane(_session, Model), 2 * Environment.ProcessorCount, options.KeptBytes);
        _leases = new Leases(() =>
        {
            _lanes.Dispose();
            _session.Dispose();
        });
    }

    /// <summary>What the file says of itself.</summary>
    public ModelInfo Model { get; }

    /// <summary>Class names in label order.</summary>
    public IReadOnlyList<string> Classes => Model.Classes;

    /// <summary>Loads a model.</summary>
    /// <param name="path">A file that <c>focalsharp export</c> wrote.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <exception cref="UserErrorException">There is no such file, it is no model of ours, or an option does not work here.</exception>
    public static Detector Load(string path, RuntimeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new RuntimeOptions();
        return new Detector(ModelFile.Open(path, options), options);
    }

    /// <summary>Loads a model from memory.</summary>
    /// <param name="model">The file's bytes; they are not needed afterwards.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <param name="name">What messages call the model.</param>
    /// <exception cref="UserErrorException">It is no model of ours, or an option does not work here.</exception>
    public static Detector Load(byte[] model, RuntimeOptions? options = null, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new RuntimeOptions();
        return new Detector(ModelFile.Open(model, name, options), options);
    }

    /// <summary>Loads a model from a stream, such as an embedded resource, read to its end and left open.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <param name="name">What messages call the model.</param>
    /// <exception cref="UserErrorException">It is no model of ours, or an option does not work here.</exception>
    public static Detector Load(Stream model, RuntimeOptions? options = null, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        using MemoryStream bytes = new();
        model.CopyTo(bytes);
        return Load(bytes.ToArray(), options, name);
    }

    /// <summary>Runs once on a black picture, so that the first image does not pay for memory and code made on first use.</summary>
    public void WarmUp()
    {
        int side = Math.Min(Model.Resize.ShortSide, Model.Resize.LongSide);
        Detect(new RgbImage(side, side));
    }

    /// <summary>Detects objects in an image.</summary>
    /// <param name="image">A path, encoded bytes, a stream, an <see cref="RgbImage"/>, or <see cref="ImageSource.FromPixels"/>.</param>
    /// <param name="options">Thresholds of this call; null for the detector's.</param>
    /// <returns>What was found, highest score first, in pixels of the image as a viewer shows it (EXIF orientation applied).</returns>
    /// <exception cref="UserErrorException">The image cannot be read or is too large, an option is out of range, or the model fails.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections Detect(ImageSource image, DetectOptions? options = null) => DetectOne(image, WishesOf(options), CancellationToken.None);

    /// <summary>Detects objects in images; those whose inputs have one size share runs.</summary>
    /// <param name="images">The images.</param>
    /// <param name="options">Thresholds of this call; null for the detector's.</param>
    /// <returns>For each image what was found, in the order given.</returns>
    /// <exception cref="UserErrorException">An image cannot be read or is too large, an option is out of range, or the model fails.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections[] Detect(IReadOnlyList<ImageSource> images, DetectOptions? options = null) =>
        DetectMany(images, WishesOf(options), CancellationToken.None);

    /// <summary>Detects objects in prepared images; those whose inputs have one size share runs. They are not disposed.</summary>
    /// <param name="images">The images.</param>
    /// <param name="options">Thresholds of this call; null for the detector's.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>For each image what was found, in the order given.</returns>
    /// <exception cref="UserErrorException">An option is out of range, or the model fails.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections[] Detect(IReadOnlyList<PreparedImage> images, DetectOptions? options = null, CancellationToken cancellation = default) =>
        DetectMany(new PreparedBatch(images), WishesOf(options).Limits, cancellation);

    /// <summary>Detects objects in an image on the thread pool.</summary>
    /// <param name="image">The image; a stream is read asynchronously.</param>
    /// <param name="options">Thresholds of this call; null for the detector's.</param>
    /// <param name="cancellation">Ends the work, a run of the network included.</param>
    /// <returns>What was found; faults as <see cref="Detect(ImageSource, DetectOptions?)"/> does.</returns>
    public async Task<Detections> DetectAsync(ImageSource image, DetectOptions? options = null, CancellationToken cancellation = default)
    {
        ImageSource loaded = await image.LoadAsync(_options.Decode, cancellation).ConfigureAwait(false);
        return await Task.Run(() => DetectOne(loaded, WishesOf(options), cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>Detects objects in images on the thread pool.</summary>
    /// <param name="images">The images; streams are read asynchronously.</param>
    /// <param name="options">Thresholds of this call; null for the detector's.</param>
    /// <param name="cancellation">Ends the work, a run of the network included.</param>
    /// <returns>For each image what was found, in the order given.</returns>
    public async Task<Detections[]> DetectAsync(IReadOnlyList<ImageSource> images, DetectOptions? options = null, CancellationToken cancellation = default)
    {
        ImageSource[] loaded = new ImageSource[images.Count];
        for (int i = 0; i < loaded.Length; i++)
        {
            loaded[i] = await images[i].LoadAsync(_options.Decode, cancellation).ConfigureAwait(false);
        }

        return await Task.Run(() => DetectMany(loaded, WishesOf(options), cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>Decodes and resizes an image for a later run, without the network. For services that gather requests into batches.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The prepared image; dispose it when done.</returns>
    /// <exception cref="UserErrorException">The image cannot be read or is too large.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public PreparedImage Prepare(ImageSource image)
    {
        _leases.Take();
        Lane? lane = null;
        try
        {
            lane = _lanes.Rent();
            PixelView pixels = image.View(lane.Decoded, _options.Decode);
            ImageSize original = new(pixels.Width, pixels.Height);
            PreparedImage prepared = new(Model.Resize.PaddedSizeOf(pixels.Width, pixels.Height), original);
            prepared.Frame = Model.Resize.Into(pixels, prepared.Pixels, prepared.InputSize);
            return prepared;
        }
        finally
        {
            Give(lane);
        }
    }

    /// <summary>Lets no new call begin and frees the model once the last one has ended.</summary>
    public void Dispose() => _leases.End();

    private Detections DetectOne(ImageSource image, Wishes wishes, CancellationToken cancellation)
    {
        _leases.Take();
        Activity? activity = DetectorTelemetry.Begin(Model.Name, 1);
        Exception? error = null;
        int found = 0;
        Lane? lane = null;
        try
        {
            lane = _lanes.Rent();
            long time = Stopwatch.GetTimestamp();
            PixelView pixels = image.View(lane.Decoded, _options.Decode);
            IReadOnlyList<Tile> tiles = wishes.TilesOf(pixels.Width, pixels.Height, Model.Resize);
            Detection[] detections = tiles.Count > 1
                ? TiledRun.Detect(lane, pixels, tiles, wishes, Model, cancellation)
                : lane.Detect(pixels, wishes.Limits, Model, time, cancellation);
            found = detections.Length;
            return new Detections(detections, Classes, pixels.Width, pixels.Height);
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            DetectorTelemetry.End(activity, Model.Name, 1, found, error);
            Give(lane);
        }
    }

    private Detections[] DetectMany(IReadOnlyList<ImageSource> images, Wishes wishes, CancellationToken cancellation) => wishes.Tiles is null
        ? DetectMany(new SourceBatch(images, _options.Decode, Model.Resize), wishes.Limits, cancellation)
        : [.. images.Select(image => DetectOne(image, wishes, cancellation))];

    private Detections[] DetectMany(BatchSource images, PostprocessOptions limits, CancellationToken cancellation)
    {
        _leases.Take();
        Activity? activity = DetectorTelemetry.Begin(Model.Name, images.Count);
        Exception? error = null;
        int found = 0;
        try
        {
            using BatchRun run = new(_lanes, Model, limits, _options.MaxBatch);
            Detections[] results = run.All(images, cancellation);
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
            _leases.Give();
        }
    }

    private Wishes WishesOf(DetectOptions? options)
    {
        if (options is null)
        {
            return _defaults;
        }

        options.Validate();
        return new Wishes(options.Or(_options.Detect), Model.Postprocess);
    }

    private void Give(Lane? lane)
    {
        if (lane is not null)
        {
            _lanes.Return(lane);
        }

        _leases.Give();
    }
}
