using FocalSharp.Models;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Distillation;

/// <summary>A teacher from weights, in evaluation mode, on the student's device and in its precision.</summary>
internal sealed class NetworkTeacher : ITeacher
{
    private readonly TorchDetector _loaded;
    private readonly IDisposable _folded;
    private readonly Device _device;

    /// <summary>Initializes a teacher, which owns the detector.</summary>
    /// <param name="loaded">The detector.</param>
    /// <param name="device">The device to compute on.</param>
    /// <param name="keepsFeatures">Whether its outputs contain the neck's maps.</param>
    public NetworkTeacher(TorchDetector loaded, Device device, bool keepsFeatures)
    {
        (_loaded, _device) = (loaded, device);
        GflDetector network = loaded.Network;
        network.to(device);
        network.eval();
        network.KeepsFeatures = keepsFeatures;
        _folded = network.FoldNorms();
        Head = TeacherHead.From(network.Options);
    }

    /// <inheritdoc/>
    public TeacherHead Head { get; }

    /// <inheritdoc/>
    public TeacherOutput Compute(TrainingBatch batch)
    {
        using IDisposable frozen = no_grad();
        using Tensor input = _loaded.Network.Preprocess(batch.Pixels, batch.Height, batch.Width, batch.Frames, _device);
        using HeadOutput output = _loaded.Network.call(input);
        return TeacherOutput.From(output, Head.Classes.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _folded.Dispose();
        _loaded.Dispose();
    }
}
