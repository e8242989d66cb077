using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Runtime.Hosting;
using FocalSharp.Runtime.Sessions;

namespace FocalSharp.Runtime;

/// <summary>
/// Detects objects with an ONNX file that FocalSharp exported:
/// <c>using var detector = Detector.Load("model.onnx"); Detections found = detector.Detect("photo.jpg");</c>
/// Any number of threads may share one detector.
/// </summary>
public sealed class Detector : IDetector, IMemoryTrimming
{
    private readonly RuntimeOptions _options;
    private readonly Lock _reloading = new();
    private readonly Lock _replacing = new();
    private readonly FileChangeMonitor? _changes;
    private readonly Timer? _timer;
    private volatile string? _path;
    private volatile ModelInstance _current;
    private volatile Exception? _reloadError;
    private volatile bool _isDisposed;
    private volatile bool _retainsLess;

    private Detector(ModelInstance model, RuntimeOptions options, string? path, FileStamp? stamp)
    {
        (_current, _options, _path) = (model, options, path);
        model.Owner = this;
        if (options.ReloadOnChange)
        {
            _changes = new FileChangeMonitor(stamp);
            _timer = new Timer(state => ((Detector)state!).ReloadIfChanged(), this, options.ReloadDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>
    /// Occurs after every reload, on the thread that reloaded: <see cref="ReloadError"/> is null if <see cref="Model"/> is the new model. Handlers must not
    /// throw.
    /// </summary>
    public event EventHandler? Reloaded;

    /// <inheritdoc/>
    /// <remarks>After a reload this is the new model, while running calls finish on the old one; a result has its own classes (<see cref="Detections.Classes"/>).</remarks>
    public ModelInfo Model => _current.Model;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _current.Classes;

    /// <summary>
    /// Gets the execution provider that runs the model: that of the options, or <c>cpu</c> if it does not work on this machine and
    /// <see cref="RuntimeOptions.OnProviderFallback"/> was called.
    /// </summary>
    public string ExecutionProvider => _current.ExecutionProvider;

    /// <summary>Gets why the last reload failed; null if it succeeded or there was none. The model before it is still in use.</summary>
    public Exception? ReloadError => _reloadError;

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
        FileStamp? stamp = options.ReloadOnChange ? FileStamp.Read(path) : null; // before the file is read, so that a change meanwhile is seen
        return new Detector(new ModelInstance(ModelSession.Open(path, options), options), options, Path.GetFullPath(path), stamp);
    }

    /// <summary>Loads a model from memory.</summary>
    /// <param name="model">The file's bytes; they are not needed afterwards.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <param name="name">The model's name in error messages.</param>
    /// <exception cref="ModelException">It is not a model that FocalSharp exported.</exception>
    /// <exception cref="OptionException">An option is out of range, or <see cref="RuntimeOptions.ReloadOnChange"/> is set: there is no file.</exception>
    /// <exception cref="PlatformException">The execution provider is not available, and there is no <see cref="RuntimeOptions.OnProviderFallback"/>.</exception>
    public static Detector Load(byte[] model, RuntimeOptions? options = null, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new RuntimeOptions();
        return options.ReloadOnChange
            ? throw new OptionException($"{name}: ReloadOnChange needs a file, and this model is in memory. Load it from a path.") { OptionName = nameof(RuntimeOptions.ReloadOnChange) }
            : new Detector(new ModelInstance(ModelSession.Open(model, name, options), options), options, path: null, stamp: null);
    }

    /// <summary>Loads a model from a stream, such as an embedded resource. The stream is read to its end and left open.</summary>
    /// <param name="model">The stream.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <param name="name">The model's name in error messages.</param>
    /// <exception cref="ModelException">It is not a model that FocalSharp exported.</exception>
    /// <exception cref="OptionException">An option is out of range, or <see cref="RuntimeOptions.ReloadOnChange"/> is set: there is no file.</exception>
    /// <exception cref="PlatformException">The execution provider is not available, and there is no <see cref="RuntimeOptions.OnProviderFallback"/>.</exception>
    public static Detector Load(Stream model, RuntimeOptions? options = null, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.CanRead)
        {
            throw new ArgumentException("The stream cannot be read: it is closed, or open for writing only.", nameof(model));
        }

        using MemoryStream bytes = new();
        model.CopyTo(bytes);
        return Load(bytes.ToArray(), options, name);
    }

    /// <summary>Runs the model once on a black image, so that the first call does not include one-time costs.</summary>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public void WarmUp()
    {
        ModelInstance model = Acquire();
        try
        {
            model.WarmUp();
        }
        finally
        {
            model.Usage.Release();
        }
    }

    /// <summary>
    /// Loads the file again, or another one, and uses it for all later calls. Running calls and prepared images finish on the model they started with, which
    /// is freed after the last of them; until then both are in memory. The new model is run once before it is used. If it cannot be loaded or run, the current
    /// one stays in use.
    /// </summary>
    /// <param name="path">The file; null for the one in use. It is also the one that <see cref="RuntimeOptions.ReloadOnChange"/> watches from now on.</param>
    /// <exception cref="InvalidOperationException">The model was loaded from memory, and no path is given.</exception>
    /// <exception cref="ModelException">The file is missing, or it is not a model that FocalSharp exported.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public void Reload(string? path = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        path = path is null
            ? _path ?? throw new InvalidOperationException("The model was loaded from memory, so there is no file to load again. Pass a path.")
            : Path.GetFullPath(path);
        lock (_reloading)
        {
            FileStamp? stamp = _changes is null ? null : FileStamp.Read(path);
            Exception? error = null;
            try
            {
                Replace(path);
                _changes?.Accept(stamp);
            }
            catch (Exception exception) when (exception is not ObjectDisposedException)
            {
                error = exception;
                throw;
            }
            finally
            {
                if (!_isDisposed)
                {
                    _reloadError = error;
                    DetectorTelemetry.Reload(Model.Name, error);
                    Reloaded?.Invoke(this, EventArgs.Empty);
                }
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections Detect(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ModelInstance model = Acquire();
        try
        {
            return model.Detect(image, options, cancellationToken);
        }
        finally
        {
            model.Usage.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections Detect(
        ReadOnlySpan<byte> pixels,
        int width,
        int height,
        PixelFormat format = PixelFormat.Rgb24,
        int stride = 0,
        DetectOptions? options = null,
        CancellationToken cancellationToken = default) => UnmanagedPixels.Detect(this, pixels, width, height, format, stride, options, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public Detections[] Detect(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ModelInstance model = Acquire();
        try
        {
            return model.Detect(images, options, progress, cancellationToken);
        }
        finally
        {
            model.Usage.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector, or an image, was disposed.</exception>
    public Detections[] Detect(IReadOnlyList<PreparedImage> images, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ModelInstance current = Acquire();
        try
        {
            if (images.Any(image => image is null))
            {
                throw new ArgumentException("A prepared image of the list is null.", nameof(images));
            }

            if (images.All(image => GetModel(image, current) == current))
            {
                return current.Detect(images, options, cancellationToken);
            }

            // A reload came between: each image runs on the model that it was prepared for.
            Detections[] results = new Detections[images.Count];
            foreach (IGrouping<ModelInstance, int> group in Enumerable.Range(0, images.Count).GroupBy(i => GetModel(images[i], current)))
            {
                int[] indices = [.. group];
                Detections[] found = DetectPrepared(group.Key, [.. indices.Select(i => images[i])], options, cancellationToken);
                for (int i = 0; i < indices.Length; i++)
                {
                    results[indices[i]] = found[i];
                }
            }

            return results;
        }
        finally
        {
            current.Usage.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>A stream is read asynchronously.</remarks>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public async Task<Detections> DetectAsync(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        ImageSource loaded = await image.LoadAsync(_options.Decode, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Detect(loaded, options, cancellationToken), cancellationToken).ConfigureAwait(false);
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

        return await Task.Run(() => Detect(loaded, options, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The detector was disposed.</exception>
    public PreparedImage Prepare(ImageSource image)
    {
        ModelInstance model = Acquire();
        try
        {
            return model.Prepare(image);
        }
        finally
        {
            model.Usage.Release();
        }
    }

    /// <inheritdoc/>
    void IMemoryTrimming.RetainLess()
    {
        _retainsLess = true;
        ModelInstance model = Acquire();
        try
        {
            model.RetainLess();
        }
        finally
        {
            model.Usage.Release();
        }
    }

    /// <inheritdoc/>
    void IMemoryTrimming.TrimMemory()
    {
        ModelInstance model = Acquire();
        try
        {
            model.TrimMemory();
        }
        finally
        {
            model.Usage.Release();
        }
    }

    /// <summary>Refuses new calls and frees the model when the last running call has finished and the last prepared image is disposed.</summary>
    public void Dispose()
    {
        lock (_replacing)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _current.Usage.Close();
        }
    }

    /// <summary>Loads the file again if it has changed and is complete. The timer calls it every delay.</summary>
    internal void ReloadIfChanged()
    {
        try
        {
            lock (_reloading)
            {
                if (_changes!.Observe(FileStamp.Read(_path!)))
                {
                    Reload();
                }
            }
        }
        catch (Exception)
        {
            // ReloadError has the reason; the current model stays in use.
        }

        lock (_replacing)
        {
            if (!_isDisposed)
            {
                _timer!.Change(_options.ReloadDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private ModelInstance Acquire()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ModelInstance model = _current;
            if (model.Usage.TryAcquire())
            {
                return model;
            }
        }
    }

    private void Replace(string path)
    {
        ModelInstance fresh = new(ModelSession.Open(path, _options), _options) { Owner = this };
        try
        {
            if (_retainsLess)
            {
                fresh.RetainLess();
            }

            fresh.WarmUp();
            lock (_replacing)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                ModelInstance old = _current;
                _current = fresh;
                _path = path;
                old.Usage.Close();
            }
        }
        catch
        {
            fresh.Usage.Close();
            throw;
        }
    }

    private ModelInstance GetModel(PreparedImage image, ModelInstance current) => image.Model is { } own && own.Owner == this ? own : current;

    private static Detections[] DetectPrepared(
        ModelInstance model, IReadOnlyList<PreparedImage> images, DetectOptions? options, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(!model.Usage.TryAcquire(whileInUse: true), typeof(PreparedImage));
        try
        {
            return model.Detect(images, options, cancellationToken);
        }
        finally
        {
            model.Usage.Release();
        }
    }
}
