using FocalSharp.Detections;
using FocalSharp.Runtime.Metadata;
using FocalSharp.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Outputs;

/// <summary>Outputs of a graph that ends with the head; they are decoded by the code that evaluation uses.</summary>
internal sealed class RawOutputs(ModelInfo model) : OutputBuffers
{
    private readonly DetectionDecoder _decoder = new(model.Classes.Count, model.RegMax, model.CenterOffset);
    private readonly PinnedTensor<float> _logits = new(ModelContract.ClassLogits);
    private readonly PinnedTensor<float> _distributions = new(ModelContract.Distributions);
    private readonly int _bins = 4 * (model.RegMax + 1);
    private ImageSize _size;
    private int _points;
    private float[] _planes = [];

    public override void Bind(OrtIoBinding binding, int batch, ImageSize size, PostprocessOptions options)
    {
        (_size, _points) = (size, PyramidLevels.CountPoints(size, model.Strides));
        _logits.BindOutput(binding, [batch, _points, model.Classes.Count]);
        _distributions.BindOutput(binding, [batch, _points, _bins]);
    }

    public override Detection[] Read(int index, ResizeTransform transform, PostprocessOptions options)
    {
        DetectionDecoding decoding = _decoder.Begin(transform, options);
        int classes = model.Classes.Count;
        int point = index * _points;
        foreach (int stride in model.Strides)
        {
            (int width, int height) = PyramidLevels.GetSize(_size, stride);
            int area = width * height;
            if (_planes.Length < area * (classes + _bins))
            {
                _planes = new float[area * (classes + _bins)];
            }

            Span<float> logits = _planes.AsSpan(0, area * classes);
            Span<float> sides = _planes.AsSpan(area * classes, area * _bins);
            Transpose(_logits.Data.AsSpan(point * classes, area * classes), logits, area, classes);
            Transpose(_distributions.Data.AsSpan(point * _bins, area * _bins), sides, area, _bins);
            decoding.AddLevel(logits, sides, stride, width, height);
            point += area;
        }

        return decoding.Finish();
    }

    public override void Dispose()
    {
        _logits.Dispose();
        _distributions.Dispose();
    }

    // [points, channels] to [channels, points], the decoder's layout.
    private static void Transpose(ReadOnlySpan<float> rows, Span<float> planes, int points, int channels)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            Span<float> plane = planes.Slice(channel * points, points);
            for (int point = 0, from = channel; point < plane.Length; point++, from += channels)
            {
                plane[point] = rows[from];
            }
        }
    }
}
