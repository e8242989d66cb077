using FocalSharp.Boxes;
using FocalSharp.Detections;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FocalSharp.Models.Export;

/// <summary>An ONNX file in ONNX Runtime on the CPU, as checks, calibration and judging need it.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads of one run; 0: as many as there are cores.</param>
    /// <exception cref="FocalSharpException">ONNX Runtime does not take the file.</exception>
    public OnnxSession(string path, int threads = 0)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new FocalSharpException($"{path}: ONNX Runtime does not take it ({exception.Message}).", exception);
        }
    }

    /// <summary>Runs a batch of pictures.</summary>
    /// <param name="images">uint8 <c>[batch, height, width, 3]</c>, RGB.</param>
    /// <param name="frames">Where each picture's content lies.</param>
    /// <param name="height">Height of the batch's pictures.</param>
    /// <param name="width">Their width.</param>
    /// <param name="options">Thresholds and limits where the file takes them; null for its own.</param>
    /// <param name="outputs">Names of the outputs wanted; null for all.</param>
    /// <returns>By output its numbers, row-major; integers converted to float32.</returns>
    public IReadOnlyDictionary<string, float[]> Run(
        byte[] images,
        IReadOnlyList<ResizeTransform> frames,
        int height,
        int width,
        PostprocessOptions? options = null,
        IReadOnlyCollection<string>? outputs = null)
    {
        Dictionary<string, OrtValue> inputs = CreateInputs(images, frames, height, width, options);
        try
        {
            outputs ??= _session.OutputNames;
            using IDisposableReadOnlyCollection<OrtValue> values = _session.Run(_runOptions, inputs, outputs);
            return outputs.Zip(values).ToDictionary(pair => pair.First, pair => ReadFloats(pair.Second));
        }
        finally
        {
            foreach (OrtValue value in inputs.Values)
            {
                value.Dispose();
            }
        }
    }

    /// <summary>Runs a file that puts out detections; see <see cref="Run"/>.</summary>
    /// <returns>For each picture its detections, highest score first, in pixels of the input.</returns>
    public Detection[][] Detect(byte[] images, IReadOnlyList<ResizeTransform> frames, int height, int width, PostprocessOptions? options = null)
    {
        IReadOnlyDictionary<string, float[]> outputs = Run(images, frames, height, width, options);
        int max = outputs["scores"].Length / frames.Count;
        return [.. frames.Select((_, image) => Enumerable.Range(image * max, (int)outputs["count"][image]).Select(Row).ToArray())];

        Detection Row(int row)
        {
            ReadOnlySpan<float> box = outputs["boxes"].AsSpan(4 * row, 4);
            ReadOnlySpan<float> deviation = outputs["deviations"].AsSpan(4 * row, 4);
            return new Detection(
                new Box(box[0], box[1], box[2], box[3]),
                (int)outputs["labels"][row],
                outputs["scores"][row],
                new SideValues(deviation[0], deviation[1], deviation[2], deviation[3]));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private Dictionary<string, OrtValue> CreateInputs(
        byte[] images, IReadOnlyList<ResizeTransform> frames, int height, int width, PostprocessOptions? options)
    {
        long[] sizes = [.. frames.SelectMany(frame => new long[] { frame.Height, frame.Width })];
        Dictionary<string, OrtValue> inputs = new(StringComparer.Ordinal)
        {
            ["images"] = OrtValue.CreateTensorValueFromMemory(images, [frames.Count, height, width, 3]),
            ["sizes"] = OrtValue.CreateTensorValueFromMemory(sizes, [frames.Count, 2]),
        };
        if (options is not null && _session.InputNames.Concat(_session.OverridableInitializerMetadata.Keys).Contains("score_threshold", StringComparer.Ordinal))
        {
            inputs["score_threshold"] = OrtValue.CreateTensorValueFromMemory([(float)options.ScoreThreshold], []);
            inputs["iou_threshold"] = OrtValue.CreateTensorValueFromMemory([(float)options.NmsThreshold], []);
            inputs["max_detections"] = OrtValue.CreateTensorValueFromMemory([(long)options.MaxDetections], []);
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
