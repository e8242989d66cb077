using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tuning;

/// <summary>
/// Averages of fine-tuned and pretrained weights (WiSE-FT, arXiv 2109.01903). Weights that the pretrained model does not have, such as those of
/// new classes, stay as trained.
/// </summary>
internal static class PretrainedAverage
{
    /// <summary>Returns a new detector with the average.</summary>
    /// <param name="trained">The fine-tuned detector; unchanged.</param>
    /// <param name="pretrained">The weights that it started from.</param>
    /// <param name="names">For each class, the pretrained class that it started from.</param>
    /// <param name="share">The share of the pretrained weights, 0 to 1.</param>
    public static GflDetector Create(GflDetector trained, Checkpoint pretrained, IReadOnlyList<string> names, double share)
    {
        GflDetector average = new(trained.Options) { Precision = trained.Precision };
        average.to(trained.parameters().First().device);
        Copy(trained, average);
        CheckpointImporter.Load(average, pretrained, names);
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> sources = trained.state_dict();
        foreach ((string name, Tensor target) in average.state_dict())
        {
            if (is_floating_point(target))
            {
                target.lerp_(sources[name], 1 - share);
            }
        }

        average.eval();
        return average;
    }

    /// <summary>Averages in place.</summary>
    public static void Apply(GflDetector trained, Checkpoint pretrained, IReadOnlyList<string> names, double share)
    {
        using GflDetector average = Create(trained, pretrained, names, share);
        Copy(average, trained);
    }

    /// <summary>Copies all weights and buffers between detectors of the same structure.</summary>
    public static void Copy(GflDetector source, GflDetector target)
    {
        if (ReferenceEquals(source, target))
        {
            return;
        }

        using IDisposable noGrad = no_grad();
        Dictionary<string, Tensor> sources = source.state_dict();
        foreach ((string name, Tensor tensor) in target.state_dict())
        {
            tensor.copy_(sources[name]);
        }
    }
}
