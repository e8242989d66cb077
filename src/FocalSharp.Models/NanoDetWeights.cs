using FocalSharp.Checkpoints.TensorFlowJs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Models;

/// <summary>Converts the published NanoDet-g.</summary>
internal static class NanoDetWeights
{
    /// <summary>The published model's resize rule: stretch to 416x416.</summary>
    public static ResizeRule ResizeRule { get; } = new() { Mode = ResizeMode.Stretch, LongSide = NanoDetG.Size, ShortSide = NanoDetG.Size };

    /// <summary>Reads the TensorFlow.js graph and writes safetensors with classes, settings, license and origin in the header.</summary>
    /// <param name="modelJson">The graph's <c>nanodet.json</c>, with its shards beside it.</param>
    /// <param name="target">The file to write, atomically.</param>
    /// <param name="info">Further entries for the header; they replace built-in ones of the same key.</param>
    /// <exception cref="ModelException">The graph is missing, damaged or another model's.</exception>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Convert(string modelJson, string target, IReadOnlyDictionary<string, string>? info = null)
    {
        Dictionary<string, string> header = PublishedHeader.Create(ResizeRule, "NanoDet-g", "RangiLyu", "https://github.com/RangiLyu/nanodet").With(info);
        DetectorCheckpoint.Save(target, NanoDetG.Options, NanoDetImporter.Convert(TensorFlowJsModel.Read(modelJson)), header);
    }
}
