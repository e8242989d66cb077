using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime.Models;
using FocalSharp.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Outputs;

/// <summary>Outputs of a graph that ends with NMS.</summary>
internal sealed class DetectionOutputs(ModelInfo model) : OutputBuffers
{
    private readonly BoundArray<float> _boxes = new(ModelContract.Boxes);
    private readonly BoundArray<float> _scores = new(ModelContract.Scores);
    private readonly BoundArray<long> _labels = new(ModelContract.Labels);
    private readonly BoundArray<long> _count = new(ModelContract.Count);
    private readonly BoundArray<float> _deviations = new(ModelContract.Deviations);
    private int _most;

    public override void Bind(OrtIoBinding binding, int batch, ImageSize size, PostprocessOptions options)
    {
        _most = options.MaxDetections;
        _boxes.BindOutput(binding, [batch, _most, 4]);
        _scores.BindOutput(binding, [batch, _most]);
        _labels.BindOutput(binding, [batch, _most]);
        _count.BindOutput(binding, [batch]);
        _deviations.BindOutput(binding, [batch, _most, 4]);
    }

    public override Detection[] Read(int picture, ImageFrame frame, PostprocessOptions options)
    {
        int count = (int)Math.Clamp(_count.Data[picture], 0, _most);
        Detection[] found = count == 0 ? [] : new Detection[count];
        int kept = 0;
        for (int i = picture * _most; i < (picture * _most) + count; i++)
        {
            if (_labels.Data[i] < 0 || _labels.Data[i] >= model.Classes.Count)
            {
                throw new UserErrorException($"{model.Name}: the graph gave label {_labels.Data[i]}, but its metadata name {model.Classes.Count} classes. Export it again.");
            }

            Detection detection = Placed(_boxes, _deviations, i, (int)_labels.Data[i], _scores.Data[i], frame);
            if (detection.Box.IsFinite && !detection.Box.IsEmpty && detection.Score >= 0)
            {
                found[kept++] = detection;
            }
        }

        return kept == count ? found : found[..kept];
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
