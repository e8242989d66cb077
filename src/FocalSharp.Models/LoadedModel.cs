using FocalSharp.Imaging.Resizing;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using TorchSharp;

namespace FocalSharp.Models;

/// <summary>A detector read from disk with all that it takes to use it. Dispose when done.</summary>
/// <param name="Path">The weights file.</param>
/// <param name="Detector">The detector, in evaluation mode.</param>
/// <param name="ResizeRule">How images become its input.</param>
/// <param name="Metadata">What was saved beside the weights: epoch, AP, data set.</param>
public sealed record LoadedModel(string Path, GflDetector Detector, ResizeRule ResizeRule, IReadOnlyDictionary<string, string> Metadata) : IDisposable
{
    /// <summary>Largest side that <c>--size</c> takes.</summary>
    public const int MaxInputSize = 8192;

    /// <summary>Loads a model.</summary>
    /// <param name="path">
    /// A run's folder (its best weights), a FocalSharp weights file, any checkpoint that <c>import</c> reads, or a published model's name.
    /// </param>
    /// <param name="size">Side of the input in pixels; null: as trained.</param>
    /// <exception cref="FocalSharpException">There is no model, it does not load, or the size is out of range.</exception>
    public static LoadedModel Load(string path, int? size = null)
    {
        if (size is < 32 or > MaxInputSize)
        {
            throw new FocalSharpException($"--size {size}: an input side is 32 to {MaxInputSize} pixels.");
        }

        string file = ModelZoo.Resolve(path);
        bool foreign = !file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        GflDetector detector = foreign ? CheckpointImporter.Import(file).Detector : DetectorCheckpoint.Load(file);
        try
        {
            detector.eval();
            IReadOnlyDictionary<string, string> info = foreign ? new Dictionary<string, string>() : DetectorCheckpoint.ReadMetadata(file);
            ResizeRule rule = ResizeRuleSerializer.FromMetadata(file, info);
            return new LoadedModel(file, detector, size is { } side ? rule with { LongSide = side, ShortSide = side } : rule, info);
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
    /// <exception cref="FocalSharpException">There is no such device here.</exception>
    public void ConfigureCompute(string? device, Precision precision)
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
