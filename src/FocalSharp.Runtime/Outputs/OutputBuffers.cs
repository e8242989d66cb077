using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Outputs;

/// <summary>The output tensors of an inference, and their conversion to detections.</summary>
internal abstract class OutputBuffers : IDisposable
{
    /// <summary>Creates the outputs of a model's variant.</summary>
    public static OutputBuffers Create(ModelInfo model) => model.Variant switch
    {
        ModelVariant.Candidates => new CandidateOutputs(model),
        ModelVariant.Raw => new RawOutputs(model),
        _ => new DetectionOutputs(model),
    };

    /// <summary>Binds memory of the output shapes.</summary>
    public abstract void Bind(OrtIoBinding binding, int batch, ImageSize size, PostprocessOptions options);

    /// <summary>Returns an image's detections, highest score first, in pixels of the original.</summary>
    public abstract Detection[] Read(int index, ResizeTransform transform, PostprocessOptions options);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Creates a detection from a row, scaled from pixels of the input to pixels of the original.</summary>
    protected static Detection CreateDetection(PinnedTensor<float> boxes, PinnedTensor<float> deviations, int row, int label, float score, ResizeTransform transform)
    {
        (float backX, float backY) = ((float)(1.0 / transform.ScaleX), (float)(1.0 / transform.ScaleY));
        ReadOnlySpan<float> box = boxes.Data.AsSpan(4 * row, 4);
        ReadOnlySpan<float> deviation = deviations.Data.AsSpan(4 * row, 4);
        return new Detection(
            new Box(box[0], box[1], box[2], box[3]).Scale(backX, backY),
            label,
            score,
            new SideValues(deviation[0], deviation[1], deviation[2], deviation[3]).Scale(backX, backY));
    }
}
