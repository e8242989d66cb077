using FocalSharp.Checkpoints.TensorFlowJs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Models;

/// <summary>Converts the published NanoDet-g, and knows what the files of NanoDet with other backbones do not state.</summary>
internal static class NanoDetWeights
{
    private const string Origin = "https://github.com/RangiLyu/nanodet";

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
        Dictionary<string, string> header = PublishedHeader.Create(ResizeRule, "NanoDet-g", "RangiLyu", Origin).With(info);
        DetectorCheckpoint.Save(target, NanoDetG.Options, NanoDetImporter.Convert(TensorFlowJsModel.Read(modelJson)), header);
    }

    /// <summary>Returns whether a detector is a NanoDet with EfficientNet-Lite, RepVGG or ShuffleNetV2.</summary>
    public static bool IsNanoDet(DetectorOptions options) => options is { Backbone: EfficientNetLiteOptions or RepVggOptions or ShuffleNetV2Options, Neck: PanOptions };

    /// <summary>
    /// Returns the header of official weights of such a detector. Images keep their aspect ratio in a square, whose side is the number in the file's
    /// name (<c>nanodet-EfficientNet-Lite0_320</c>), else the published variant's, else 416.
    /// </summary>
    /// <param name="path">The published file.</param>
    /// <param name="options">The detector's options.</param>
    public static Dictionary<string, string> CreateHeader(string path, DetectorOptions options)
    {
        NanoDetVariant? variant = NanoDetVariants.Find(options.Backbone);
        int size = NanoDetPlusWeights.FindSize(path) ?? variant?.Size ?? NanoDetG.Size;
        return PublishedHeader.Create(new ResizeRule { LongSide = size, ShortSide = size }, variant?.Name ?? "NanoDet", "RangiLyu", Origin);
    }
}
