using FocalSharp.Detections;
using FocalSharp.Runtime.Metadata;
using FocalSharp.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Outputs;

/// <summary>Outputs of a graph that ends with decoded boxes of all locations; threshold, per-level limit and NMS run here.</summary>
internal sealed class CandidateOutputs(ModelInfo model) : OutputBuffers
{
    private readonly PinnedTensor<float> _boxes = new(ModelContract.Boxes);
    private readonly PinnedTensor<float> _scores = new(ModelContract.Scores);
    private readonly PinnedTensor<float> _deviations = new(ModelContract.Deviations);
    private ImageSize _size;
    private int _points;

    public override void Bind(OrtIoBinding binding, int batch, ImageSize size, PostprocessOptions options)
    {
        (_size, _points) = (size, PyramidLevels.CountPoints(size, model.Strides));
        _boxes.BindOutput(binding, [batch, _points, 4]);
        _scores.BindOutput(binding, [batch, _points, model.Classes.Count]);
        _deviations.BindOutput(binding, [batch, _points, 4]);
    }

    public override Detection[] Read(int index, ResizeTransform transform, PostprocessOptions options)
    {
        int classes = model.Classes.Count;
        List<Detection> candidates = [];
        int point = index * _points;
        foreach (int stride in model.Strides)
        {
            (int width, int height) = PyramidLevels.GetSize(_size, stride);
            foreach (int pair in CandidateSelection.SelectTopK(_scores.Data.AsSpan(point * classes, width * height * classes), options))
            {
                int at = (point * classes) + pair;
                (int row, int label) = Math.DivRem(at, classes);
                Detection detection = CreateDetection(_boxes, _deviations, row, label, _scores.Data[at], transform);
                if (detection.Box.IsFinite && !detection.Box.IsEmpty)
                {
                    candidates.Add(detection);
                }
            }

            point += width * height;
        }

        return Array.ConvertAll(CandidateSelection.Apply(candidates, options), one => one.Detection);
    }

    public override void Dispose()
    {
        _boxes.Dispose();
        _scores.Dispose();
        _deviations.Dispose();
    }
}
