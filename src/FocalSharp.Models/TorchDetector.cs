using FocalSharp.Checkpoints.Ncnn;
using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models.Calibration;
using FocalSharp.Models.Catalog;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Tiling;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Models;

/// <summary>
/// Runs a detector's weights in libtorch: resize, normalize, network, decode, NMS. Images share a batch only if their inputs have one size,
/// so that an image's detections do not depend on the other images. Calls of several threads run one after another.
/// </summary>
public sealed class TorchDetector : IDetector
{
    /// <summary>Tiles per batch.</summary>
    private const int TileBatchSize = 4;

    private readonly Lock _lock = new();
    private readonly HeadDecoder _decoder;
    private readonly DetectorLoadOptions _options;
    private readonly ResolvedDetectOptions _defaults;
    private readonly bool _ownsNetwork;
    private IDisposable? _folded;
    private bool _disposed;

    /// <summary>Initializes a detector over a network in memory, such as one in training.</summary>
    /// <param name="network">The network. Each call puts it into evaluation mode; it is not disposed.</param>
    /// <param name="resize">How images become its input.</param>
    /// <param name="options">How to run it; null for the defaults. Input size, device and precision are the network's own.</param>
    public TorchDetector(GflDetector network, ResizeRule resize, DetectorLoadOptions? options = null)
        : this(network, resize, new Dictionary<string, string>(), calibration: null, path: null, options ?? new DetectorLoadOptions())
    {
    }

    private TorchDetector(
        GflDetector network,
        ResizeRule resize,
        IReadOnlyDictionary<string, string> metadata,
        DetectionCalibration? calibration,
        string? path,
        DetectorLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(resize);
        (Network, Metadata, Path, _options, _ownsNetwork) = (network, metadata, path, options, path is not null);
        DetectorOptions own = network.Options;
        _decoder = new HeadDecoder(own.Head, own.Classes.Count);
        Model = new ModelInfo
        {
            Name = metadata.GetValueOrDefault("recipe") ?? System.IO.Path.GetFileNameWithoutExtension(path) ?? nameof(GflDetector),
            Classes = own.Classes,
            Variant = ModelVariant.Raw,
            Strides = own.Head.Strides,
            RegMax = own.Head.RegMax,
            CenterOffset = own.Head.CenterOffset,
            Resize = options.InputSize is { } side ? resize with { LongSide = side, ShortSide = side } : resize,
            Mean = own.Mean,
            Std = own.Std,
            Postprocess = own.Postprocess,
            License = metadata.GetValueOrDefault("licence") ?? "",
        }.WithCalibration(calibration);
        _options = options with { Decode = resize.ApplyTo(options.Decode) };
        _defaults = new ResolvedDetectOptions(options.Detect, Model);
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <summary>Gets the class names in label order.</summary>
    public IReadOnlyList<string> Classes => Model.Classes;

    /// <summary>Gets the network.</summary>
    public GflDetector Network { get; }

    /// <summary>Gets the weights file; null for a network in memory.</summary>
    public string? Path { get; }

    /// <summary>Gets what was saved with the weights: epoch, AP, data set.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Gets what receives the network's output of each batch, with the index and the position of each image; null for nothing.</summary>
    internal Action<HeadOutput, IReadOnlyList<(int Index, ImageSize Size)>, IReadOnlyList<ResizeTransform>>? OutputObserver { get; init; }

    /// <summary>Loads weights.</summary>
    /// <param name="nameOrPath">A run folder (its best weights), a weights file, a PyTorch checkpoint, or the name of a published model.</param>
    /// <param name="options">How to load and run them; null for the defaults.</param>
    /// <exception cref="ModelException">There is no such model, or it cannot be loaded.</exception>
    /// <exception cref="OptionException">An option is out of range.</exception>
    public static TorchDetector Load(string nameOrPath, DetectorLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        options ??= new DetectorLoadOptions();
        options.Validate();
        return LoadFile(ModelZoo.Resolve(nameOrPath), options);
    }

    /// <inheritdoc/>
    public Runtime.Detections Detect(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ResolvedDetectOptions resolved = Resolve(options);
        if (resolved.Views is { } views)
        {
            return AugmentedInference.Detect(this, image, views, _options.Decode, cancellationToken);
        }

        using RowReader? rows = image.TryOpenRows(_options.Decode);
        PixelView pixels = rows is null ? image.View(new PixelBuffer(), _options.Decode) : default;
        using Session session = Enter();
        return rows is null ? Detect(pixels, resolved, cancellationToken) : Detect(rows, resolved, image.Name, cancellationToken);
    }

    /// <inheritdoc/>
    public Runtime.Detections[] Detect(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ResolvedDetectOptions resolved = Resolve(options);
        Runtime.Detections[] results = new Runtime.Detections[images.Count];
        if (resolved.Views is { } views)
        {
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = AugmentedInference.Detect(this, images[i], views, _options.Decode, cancellationToken);
                progress?.Report(i + 1);
            }

            return results;
        }

        using Session session = Enter();
        if (resolved.Tiles is null)
        {
            PixelBuffer buffer = new();
            RunAll(
                Enumerable.Range(0, images.Count).Select(i => PreparedImage.Create(images[i], buffer, Model.Resize, _options.Decode)),
                disposeImages: true, results, resolved, progress, cancellationToken);
            return results;
        }

        PixelBuffer decoded = new();
        for (int i = 0; i < results.Length; i++)
        {
            using RowReader? rows = images[i].TryOpenRows(_options.Decode);
            results[i] = rows is null
                ? Detect(images[i].View(decoded, _options.Decode), resolved, cancellationToken)
                : Detect(rows, resolved, images[i].Name, cancellationToken);
            progress?.Report(i + 1);
        }

        return results;
    }

    /// <inheritdoc/>
    public Runtime.Detections[] Detect(
        IReadOnlyList<PreparedImage> images, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ResolvedDetectOptions resolved = Resolve(options);
        if (resolved.Views is { } views)
        {
            return AugmentedInference.Detect(this, images, views, cancellationToken);
        }

        Runtime.Detections[] results = new Runtime.Detections[images.Count];
        using Session session = Enter();
        RunAll(images, disposeImages: false, results, resolved, progress: null, cancellationToken);
        return results;
    }

    /// <inheritdoc/>
    public PreparedImage Prepare(ImageSource image)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return PreparedImage.Create(image, Model.Resize, _options.Decode);
    }

    /// <summary>Returns the mean of the backbone's last map over the image, of length 1: what the image shows, for comparing images.</summary>
    internal float[] ComputeFeatures(ImageSource image)
    {
        using PreparedImage prepared = PreparedImage.Create(image, Model.Resize, _options.Decode);
        using Session session = Enter();
        using FinalizerPause pause = FinalizerPause.Begin();
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Device device = Network.parameters().First().device;
        Tensor input = Network.Preprocess(prepared.Pixels.ToArray(), prepared.InputSize.Height, prepared.InputSize.Width, [prepared.Transform], device);
        Tensor map = Network.Backbone.call(input)[^1];
        float[] features = map.to(float32).mean([2, 3]).flatten().cpu().data<float>().ToArray();
        float length = MathF.Sqrt(features.Sum(value => value * value));
        return length > 0 ? [.. features.Select(value => value / length)] : features;
    }

    /// <summary>Frees the network if <see cref="Load"/> made it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _folded?.Dispose();
            if (_ownsNetwork)
            {
                Network.Dispose();
            }
        }
    }

    internal static TorchDetector LoadFile(string file, DetectorLoadOptions options)
    {
        if (DetectorLoader.IsOnnx(file))
        {
            throw new ModelException($"{file}: is an ONNX file, and weights are needed here. Pass the run folder or weights file it was exported from.") { Path = file };
        }

        if (options.ExecutionProvider is { } provider)
        {
            throw new OptionException($"{file}: execution provider '{provider}' applies to ONNX files; weights run on a device. Export them, or select a device.")
            {
                OptionName = nameof(DetectorLoadOptions.ExecutionProvider),
            };
        }

        bool foreign = !file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        GflDetector network = !foreign ? DetectorCheckpoint.Load(file)
            : NcnnModel.HasExtension(file) ? NanoDetPlusImporter.Create(NcnnModel.Read(file), file)
            : CheckpointImporter.Import(file).Detector;
        try
        {
            network.eval();
            network.Precision = options.Precision;
            if (options.Device is { } device)
            {
                network.to(ComputeDevice.Resolve(device));
            }

            IReadOnlyDictionary<string, string> metadata = !foreign ? DetectorCheckpoint.ReadMetadata(file)
                : PublishedHeader.Find(file, network.Options) ?? [];
            DetectionCalibration? calibration = foreign ? null : ModelCalibrationFile.ReadWeights(file, network.Options.Classes.Count);
            return new TorchDetector(network, ResizeRuleSerializer.FromMetadata(file, metadata), metadata, calibration, file, options);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private ResolvedDetectOptions Resolve(DetectOptions? options)
    {
        if (options is null)
        {
            return _defaults;
        }

        options.Validate();
        return new ResolvedDetectOptions(options.WithDefaults(_options.Detect), Model);
    }

    private Runtime.Detections Detect(PixelView pixels, ResolvedDetectOptions resolved, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImageSize size = new(pixels.Width, pixels.Height);
        IReadOnlyList<Tile> tiles = resolved.GetTiles(size.Width, size.Height, Model.Resize);
        if (tiles.Count <= 1)
        {
            using PreparedImage whole = PreparedImage.Create(pixels, Model.Resize);
            return Detect(whole, resolved, cancellationToken);
        }

        TileMerge merge = new(size.Width, size.Height, resolved.MaxTiledDetections);
        foreach (Tile[] some in tiles.Chunk(TileBatchSize))
        {
            List<PreparedImage> parts = [];
            foreach (Tile tile in some)
            {
                parts.Add(PreparedImage.Create(pixels.Crop(tile.X, tile.Y, tile.Width, tile.Height), Model.Resize));
            }

            AddTiles(merge, some, parts, resolved, cancellationToken);
        }

        return new Runtime.Detections(resolved.Finish(merge.Finish(resolved.Postprocess)), Classes, size.Width, size.Height);
    }

    private Runtime.Detections Detect(RowReader rows, ResolvedDetectOptions resolved, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImageSize size = rows.Size;
        IReadOnlyList<Tile> tiles = resolved.GetTiles(size.Width, size.Height, Model.Resize);
        if (tiles.Count <= 1)
        {
            using PreparedImage whole = TileReader.PrepareWhole(rows, Model.Resize, name);
            return Detect(whole, resolved, cancellationToken);
        }

        TileMerge merge = new(size.Width, size.Height, resolved.MaxTiledDetections);
        using TileReader reader = new(rows, tiles, Model.Resize, name);
        foreach (Tile[] some in tiles.Chunk(TileBatchSize))
        {
            AddTiles(merge, some, [.. some.Select(reader.Prepare)], resolved, cancellationToken);
        }

        return new Runtime.Detections(resolved.Finish(merge.Finish(resolved.Postprocess)), Classes, size.Width, size.Height);
    }

    private Runtime.Detections Detect(PreparedImage image, ResolvedDetectOptions resolved, CancellationToken cancellationToken)
    {
        Runtime.Detections[] found = new Runtime.Detections[1];
        RunAll([image], disposeImages: false, found, resolved, progress: null, cancellationToken);
        return found[0];
    }

    // Disposes the parts.
    private void AddTiles(TileMerge merge, Tile[] tiles, List<PreparedImage> parts, ResolvedDetectOptions resolved, CancellationToken cancellationToken)
    {
        Runtime.Detections[] found = new Runtime.Detections[tiles.Length];
        try
        {
            RunAll(parts, disposeImages: false, found, resolved, progress: null, cancellationToken, isTile: true);
        }
        finally
        {
            parts.ForEach(part => part.Dispose());
        }

        for (int i = 0; i < tiles.Length; i++)
        {
            merge.Add(tiles[i], found[i]);
        }
    }

    // Prepares the next batch while the network runs.
    private void RunAll(
        IEnumerable<PreparedImage> images,
        bool disposeImages,
        Runtime.Detections[] results,
        ResolvedDetectOptions resolved,
        IProgress<int>? progress,
        CancellationToken cancellationToken,
        bool isTile = false)
    {
        using IEnumerator<TorchBatch> batches = TorchBatch.CreateAll(images, _options.MaxBatch, disposeImages).GetEnumerator();
        int done = 0;
        TorchBatch? batch = Next();
        while (batch is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task<TorchBatch?>? following = done + batch.Images.Count < results.Length ? Task.Run(Next, CancellationToken.None) : null;
            try
            {
                Detection[][] found = Run(batch, resolved.Postprocess);
                for (int i = 0; i < found.Length; i++)
                {
                    (int index, ImageSize size) = batch.Images[i];
                    results[index] = new Runtime.Detections(isTile ? found[i] : resolved.Finish(found[i]), Classes, size.Width, size.Height);
                }
            }
            finally
            {
                Task.WaitAny(following is null ? [Task.CompletedTask] : [following], CancellationToken.None); // the enumerator must not be disposed while it runs
            }

            done += batch.Images.Count;
            progress?.Report(done);
            batch = following?.GetAwaiter().GetResult();
        }

        TorchBatch? Next() => batches.MoveNext() ? batches.Current : null;
    }

    private Detection[][] Run(TorchBatch batch, PostprocessOptions options)
    {
        using FinalizerPause pause = FinalizerPause.Begin();
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Device device = Network.parameters().First().device;
        HeadOutput output = Network.call(Network.Preprocess(batch.Pixels, batch.InputSize.Height, batch.InputSize.Width, batch.Transforms, device));
        OutputObserver?.Invoke(output, batch.Images, batch.Transforms);
        return _decoder.Decode(output, batch.Transforms, options);
    }

    // Weights that were loaded from a file do not change, so their batch norms stay folded from call to call.
    private Session Enter()
    {
        _lock.Enter();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Network.eval();
            _folded ??= Network.FoldNorms();
            return new Session(this);
        }
        catch
        {
            _lock.Exit();
            throw;
        }
    }

    private readonly struct Session(TorchDetector detector) : IDisposable
    {
        public void Dispose()
        {
            if (!detector._ownsNetwork)
            {
                detector._folded?.Dispose();
                detector._folded = null;
            }

            detector._lock.Exit();
        }
    }
}
