using FocalSharp.Detections;
using FocalSharp.Runtime.Metadata;
using FocalSharp.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Outputs;

/// <summary>Outputs of a graph that ends with NMS.</summary>
internal sealed class DetectionOutputs(ModelInfo model) : OutputBuffers
{
    private readonly PinnedTensor<float> _boxes = new(ModelContract.Boxes);
    private readonly PinnedTensor<float> _scores = new(ModelContract.Scores);
    private readonly PinnedTensor<long> _labels = new(ModelContract.Labels);
    private readonly PinnedTensor<long> _count = new(ModelContract.Count);
    private readonly PinnedTensor<float> _deviations = new(ModelContract.Deviations);
    private int _maxDetections;

    public override void Bind(OrtIoBinding binding, int batch, ImageSize size, PostprocessOptions options)
    {
        _maxDetections = options.MaxDetections;
        _boxes.BindOutput(binding, [batch, _maxDetections, 4]);
        _scores.BindOutput(binding, [batch, _maxDetections]);
        _labels.BindOutput(binding, [batch, _maxDetections]);
        _count.BindOutput(binding, [batch]);
        _deviations.BindOutput(binding, [batch, _maxDetections, 4]);
    }

    public override Detection[] Read(int index, ResizeTransform transform, PostprocessOptions options)
    {
        int count = (int)Math.Clamp(_count.Data[index], 0, _maxDetections);
        Detection[] found = count == 0 ? [] : new Detection[count];
        int retained = 0;
        for (int i = index * _maxDetections; i < (index * _maxDetections) + count; i++)
        {
            if (_labels.Data[i] < 0 || _labels.Data[i] >= model.Classes.Count)
            {
                throw new ModelException(
                    $"{model.Name}: the graph returned label {_labels.Data[i]}, but its metadata lists {model.Classes.Count} classes. Export the model again.");
            }

            Detection detection = CreateDetection(_boxes, _deviations, i, (int)_labels.Data[i], _scores.Data[i], transform);
            if (detection.Box.IsFinite && !detection.Box.IsEmpty && detection.Score >= 0)
            {
                found[retained++] = detection;
            }
        }

        return retained == count ? found : found[..retained];
    }

    public override void Dispose()
    {
        _boxes.Dispose();
        _scores.Dispose();
        _labels.Dispose();
        _count.Dispose();
        _deviations.Dispose();
    }
}
