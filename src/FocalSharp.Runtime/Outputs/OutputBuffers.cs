using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime.Models;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Outputs;

/// <summary>Memory of a run's outputs, and the way from there to detections.</summary>
internal abstract class OutputBuffers : IDisposable
{
    /// <summary>The outputs of a model's variant.</summary>
    public static OutputBuffers For(ModelInfo model) => model.Variant switch
    {
        ModelVariant.Candidates => new CandidateOutputs(model),
        ModelVariant.Raw => new RawOutputs(model),
        _ => new DetectionOutputs(model),
    };

    /// <summary>Binds memory of the shapes that a run will write.</summary>
    public abstract void Bind(OrtIoBinding binding, int batch, ImageSize size, PostprocessOptions options);

    /// <summary>One picture's detections, highest score first, in pixels of its original.</summary>
    public abstract Detection[] Read(int picture, ImageFrame frame, PostprocessOptions options);

    /// <inheritdoc/>
    public abstract void Dispose();
}
