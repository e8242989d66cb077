using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Torch.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Torch.Tests.Onnx;

/// <summary>A model in ONNX Runtime.</summary>
internal sealed class OnnxRun(OnnxModel model) : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
    private InferenceSession? _session;

    public InferenceSession Session => _session ??= new InferenceSession(model.ToBytes(), _options);

    /// <summary>Runs; outputs by name, as flat arrays with their shapes.</summary>
    public Dictionary<string, (Array Values, long[] Shape)> Run(
        byte[] images, int batch, int height, int width, IReadOnlyList<ResizeTransform>? frames = null, PostprocessOptions? options = null)
    {
        Dictionary<string, OrtValue> inputs = new()
        {
            ["images"] = OrtValue.CreateTensorValueFromMemory(images, [batch, height, width, 3]),
        };
        if (frames is not null)
        {
            inputs["sizes"] = OrtValue.CreateTensorValueFromMemory(
                frames.SelectMany(frame => new long[] { frame.Height, frame.Width }).ToArray(), [frames.Count, 2]);
        }

        if (options is not null)
        {
            inputs["score_threshold"] = OrtValue.CreateTensorValueFromMemory([(float)options.ScoreThreshold], []);
            inputs["iou_threshold"] = OrtValue.CreateTensorValueFromMemory([(float)options.NmsThreshold], []);
            inputs["max_detections"] = OrtValue.CreateTensorValueFromMemory([(long)options.MaxDetections], []);
        }

        try
        {
            using RunOptions run = new();
            using IDisposableReadOnlyCollection<OrtValue> outputs = Session.Run(run, inputs, Session.OutputNames);
            return Session.OutputNames.Zip(outputs).ToDictionary(pair => pair.First, pair => Read(pair.Second));
        }
        finally
        {
            foreach (OrtValue value in inputs.Values)
            {
                value.Dispose();
            }
        }
    }

    /// <summary>The detections of each picture of the batch.</summary>
    public Detection[][] Detect(
        byte[] images, int batch, int height, int width, IReadOnlyList<ResizeTransform>? frames = null, PostprocessOptions? options = null)
    {
        Dictionary<string, (Array Values, long[] Shape)> outputs = Run(images, batch, height, width, frames, options);
        float[] boxes = (float[])outputs["boxes"].Values;
        float[] scores = (float[])outputs["scores"].Values;
        float[] deviations = (float[])outputs["deviations"].Values;
        long[] labels = (long[])outputs["labels"].Values;
        long[] counts = (long[])outputs["count"].Values;
        int max = (int)outputs["scores"].Shape[1];
        Assert.Equal([batch, max, 4], outputs["boxes"].Shape);
        for (int row = 0; row < batch * max; row++)
        {
            if (row % max >= counts[row / max])
            {
                Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [.. boxes[(4 * row)..((4 * row) + 4)], scores[row], labels[row], .. deviations[(4 * row)..((4 * row) + 4)]]);
            }
        }

        return [.. Enumerable.Range(0, batch).Select(image => Enumerable.Range(image * max, (int)counts[image]).Select(row => new Detection(
            new Box(boxes[4 * row], boxes[(4 * row) + 1], boxes[(4 * row) + 2], boxes[(4 * row) + 3]),
            (int)labels[row],
            scores[row],
            new SideValues(deviations[4 * row], deviations[(4 * row) + 1], deviations[(4 * row) + 2], deviations[(4 * row) + 3]))).ToArray())];
    }

    public void Dispose()
    {
        _session?.Dispose();
        _options.Dispose();
    }

    private static (Array Values, long[] Shape) Read(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        Array values = info.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64
            ? value.GetTensorDataAsSpan<long>().ToArray()
            : value.GetTensorDataAsSpan<float>().ToArray();
        return (values, info.Shape);
    }
}
