using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Zoo;
using TorchSharp;

namespace FocalSharp.Training.Inference;

/// <summary>A detector read from disk with all that it takes to use it. Dispose when done.</summary>
/// <param name="Path">The weights file.</param>
/// <param name="Detector">The detector, in evaluation mode.</param>
/// <param name="Rule">How images become its input.</param>
/// <param name="Facts">What was saved beside the weights: epoch, AP, data set.</param>
public sealed record LoadedModel(string Path, GflDetector Detector, ResizeRule Rule, IReadOnlyDictionary<string, string> Facts) : IDisposable
{
    /// <summary>Largest side that <c>--size</c> takes.</summary>
    public const int MaxSize = 8192;

    /// <summary>Loads a model.</summary>
    /// <param name="path">
    /// A run's folder (its best weights), a FocalSharp weights file, any checkpoint that <c>import</c> reads, or a published model's name.
    /// </param>
    /// <param name="size">Side of the input in pixels; null: as trained.</param>
    /// <exception cref="UserErrorException">There is no model, it does not load, or the size is out of range.</exception>
    public static LoadedModel Load(string path, int? size = null)
    {
        if (size is < 32 or > MaxSize)
        {
            throw new UserErrorException($"--size {size}: an input side is 32 to {MaxSize} pixels.");
        }

        string file = ModelZoo.Resolve(path);
        bool foreign = !file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        GflDetector detector = foreign ? CheckpointImporter.Import(file).Detector : DetectorCheckpoint.Load(file);
        try
        {
            detector.eval();
            IReadOnlyDictionary<string, string> facts = foreign ? new Dictionary<string, string>() : DetectorCheckpoint.ReadFacts(file);
            ResizeRule rule = ResizeFacts.Read(file, facts);
            return new LoadedModel(file, detector, size is { } side ? rule with { LongSide = side, ShortSide = side } : rule, facts);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Chooses where and how exactly the detector computes; without this, float32 on the CPU.</summary>
    /// <param name="device">Device as TorchSharp names it; null for the CPU.</param>
    /// <param name="precision">Arithmetic of the convolutions.</param>
    /// <exception cref="UserErrorException">There is no such device here.</exception>
    public void ComputeOn(string? device, Precision precision)
    {
        if (device is not null)
        {
            Detector.to(ComputeDevice.Resolve(device));
        }

        Detector.Precision = precision;
    }

    /// <inheritdoc/>
    public void Dispose() => Detector.Dispose();
}
