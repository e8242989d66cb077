using FocalSharp.Detections;
using FocalSharp.Runtime.Metadata;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FocalSharp.Runtime.Sessions;

/// <summary>An exported model open in ONNX Runtime. The one place that opens ONNX files; it explains what is wrong with them.</summary>
internal sealed class ModelSession : IDisposable
{
    /// <summary>ONNX files are protocol buffers, which end at 2 GiB.</summary>
    private const long MaxBytes = int.MaxValue;

    private readonly InferenceSession _session;

    private ModelSession(InferenceSession session, ModelInfo info, string provider) => (_session, Info, Provider) = (session, info, provider);

    /// <summary>Gets the file's metadata.</summary>
    public ModelInfo Info { get; }

    /// <summary>Gets the execution provider that runs it.</summary>
    public string Provider { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelException">There is no such file, or it is not a model that FocalSharp exported.</exception>
    public static ModelSession Open(string path, RuntimeOptions? options = null)
    {
        if (!File.Exists(path))
        {
            throw new ModelException(Directory.Exists(path)
                ? $"{path}: is a folder where an ONNX file was expected; name the file in it."
                : $"{path}: there is no such model file.")
            { Path = path };
        }

        if (new FileInfo(path).Length is 0 or > MaxBytes)
        {
            throw new ModelException($"{path}: is {new FileInfo(path).Length} bytes long, so it is not an ONNX file. Export the model again.") { Path = path };
        }

        OnnxRuntimeLibrary.Check.EnsureLoaded();
        return Open(path, options ?? new RuntimeOptions(), session => new InferenceSession(path, session), () => ReadBytes(path));
    }

    /// <summary>Opens a file's bytes.</summary>
    /// <exception cref="ModelException">It is not a model that FocalSharp exported.</exception>
    public static ModelSession Open(byte[] model, string name, RuntimeOptions? options = null)
    {
        if (model.Length == 0)
        {
            throw new ModelException($"{name}: is empty (0 bytes), so it contains no model.") { Path = name };
        }

        OnnxRuntimeLibrary.Check.EnsureLoaded();
        return Open(name, options ?? new RuntimeOptions(), session => new InferenceSession(model, session), () => model);
    }

    /// <summary>Allocates what one call at a time needs.</summary>
    /// <param name="info">The model.</param>
    /// <param name="shrinksArena">Whether ONNX Runtime returns the memory of activations after each run.</param>
    public InferenceContext CreateContext(ModelInfo info, bool shrinksArena = false) => new(_session, info, shrinksArena);

    /// <summary>Runs a batch and returns outputs as they are, for verification and calibration.</summary>
    /// <param name="images">uint8 <c>[batch, height, width, 3]</c>, RGB.</param>
    /// <param name="transforms">Position of each image's content.</param>
    /// <param name="size">Height and width of the batch.</param>
    /// <param name="options">Thresholds and limits, if the graph takes them; null for its own.</param>
    /// <param name="outputs">Names of the outputs; null for all.</param>
    /// <returns>The values of each output, row-major; integers converted to float32.</returns>
    /// <exception cref="ModelException">ONNX Runtime fails.</exception>
    public IReadOnlyDictionary<string, float[]> Run(
        byte[] images,
        IReadOnlyList<ResizeTransform> transforms,
        ImageSize size,
        PostprocessOptions? options = null,
        IReadOnlyCollection<string>? outputs = null)
    {
        Dictionary<string, OrtValue> inputs = CreateInputs(images, transforms, size, options);
        try
        {
            outputs ??= _session.OutputNames;
            using RunOptions runOptions = new();
            using IDisposableReadOnlyCollection<OrtValue> values = _session.Run(runOptions, inputs, outputs);
            return outputs.Zip(values).ToDictionary(pair => pair.First, pair => ReadFloats(pair.Second), StringComparer.Ordinal);
        }
        catch (OnnxRuntimeException exception)
        {
            throw CreateRunException(Info, transforms.Count, size, exception);
        }
        finally
        {
            foreach (OrtValue value in inputs.Values)
            {
                value.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    internal static ModelException CreateRunException(ModelInfo info, int count, ImageSize size, OnnxRuntimeException exception) => new(
        $"{info.Name}: ONNX Runtime failed on a batch of {count} inputs of {size} ({GetFirstLine(exception)}). Export the model again, or use smaller batches.",
        exception)
    { Path = info.Name };

    internal static string GetFirstLine(Exception exception)
    {
        string message = exception.Message;
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        message = end < 0 ? message : message[..end];
        return message.Length > 300 ? message[..300] + "…" : message;
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read ({exception.Message}).", exception) { Path = path };
        }
    }

    private static ModelSession Open(string name, RuntimeOptions options, Func<SessionOptions, InferenceSession> open, Func<byte[]> read)
    {
        options.Validate();
        (InferenceSession session, string provider) = OpenWithFallback(name, options, open);
        try
        {
            ModelInfo info = new ModelMetadataReader(name, session.ModelMetadata.CustomMetadataMap).Read();
            ModelContract.Validate(name, session, info.Variant);
            OnnxWeights.RequireFinite(name, read());
            return new ModelSession(session, info, provider);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static (InferenceSession Session, string Provider) OpenWithFallback(string name, RuntimeOptions options, Func<SessionOptions, InferenceSession> open)
    {
        ExecutionProvider provider = ExecutionProvider.Parse(options.ExecutionProvider).Provider;
        if (provider == ExecutionProvider.Cpu)
        {
            return (OpenSession(name, options, open), provider.Name);
        }

        try
        {
            using SessionOptions sessionOptions = SessionOptionsFactory.Create(options);
            return (open(sessionOptions), provider.Name);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or PlatformException)
        {
            // A damaged file fails here too, so the CPU shows whether the file or the provider is the problem.
            InferenceSession session = OpenSession(name, options with { ExecutionProvider = ExecutionProvider.Cpu.Name, ProviderOptions = new Dictionary<string, string>() }, open);
            PlatformException unavailable = exception as PlatformException
                ?? provider.CreateUnavailable(GetFirstLine(exception), OrtEnv.Instance().GetAvailableProviders(), exception);
            if (options.OnProviderFallback is not { } warn)
            {
                session.Dispose();
                throw unavailable;
            }

            warn($"{unavailable.Message} The CPU runs {name} instead.");
            return (session, ExecutionProvider.Cpu.Name);
        }
    }

    private static InferenceSession OpenSession(string name, RuntimeOptions options, Func<SessionOptions, InferenceSession> open)
    {
        using SessionOptions sessionOptions = SessionOptionsFactory.Create(options);
        try
        {
            return open(sessionOptions);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelException(
                $"{name}: ONNX Runtime cannot load it ({GetFirstLine(exception)}). The file is damaged or not an ONNX model; export the model again.", exception)
            { Path = name };
        }
    }

    private Dictionary<string, OrtValue> CreateInputs(
        byte[] images, IReadOnlyList<ResizeTransform> transforms, ImageSize size, PostprocessOptions? options)
    {
        Dictionary<string, OrtValue> inputs = new(StringComparer.Ordinal)
        {
            [ModelContract.Images] = OrtValue.CreateTensorValueFromMemory(images, [transforms.Count, size.Height, size.Width, 3]),
        };
        if (ModelContract.HasInput(_session, ModelContract.Sizes))
        {
            long[] sizes = [.. transforms.SelectMany(transform => new long[] { transform.Height, transform.Width })];
            inputs[ModelContract.Sizes] = OrtValue.CreateTensorValueFromMemory(sizes, [transforms.Count, 2]);
        }

        if (options is not null && ModelContract.HasInput(_session, ModelContract.ScoreThreshold))
        {
            inputs[ModelContract.ScoreThreshold] = OrtValue.CreateTensorValueFromMemory([(float)options.ScoreThreshold], []);
            inputs[ModelContract.IouThreshold] = OrtValue.CreateTensorValueFromMemory([(float)options.NmsThreshold], []);
            inputs[ModelContract.MaxDetections] = OrtValue.CreateTensorValueFromMemory([(long)options.MaxDetections], []);
        }

        return inputs;
    }

    private static float[] ReadFloats(OrtValue value)
    {
        if (value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
        {
            return value.GetTensorDataAsSpan<float>().ToArray();
        }

        ReadOnlySpan<long> integers = value.GetTensorDataAsSpan<long>();
        float[] numbers = new float[integers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = integers[i];
        }

        return numbers;
    }
}
