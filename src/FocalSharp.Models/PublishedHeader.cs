using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Models;

/// <summary>The header of converted weights: how images are resized, and where the weights come from.</summary>
internal static class PublishedHeader
{
    /// <summary>Returns the header of weights under Apache 2.0 that were trained on COCO.</summary>
    /// <param name="resize">The resize rule.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="author">The authors.</param>
    /// <param name="origin">The address of their repository.</param>
    public static Dictionary<string, string> Create(ResizeRule resize, string model, string author, string origin) => new(ResizeRuleSerializer.ToMetadata(resize))
    {
        ["model"] = model,
        ["author"] = author,
        ["licence"] = "Apache-2.0",
        ["origin"] = origin,
        ["dataset"] = "COCO train2017",
    };

    /// <summary>Returns the header of an official file whose detector was recognized by its weights; null for a detector whose files need none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The detector's options.</param>
    public static Dictionary<string, string>? Find(string path, DetectorOptions options) => NanoDetPlusWeights.IsNanoDetPlus(options) ? NanoDetPlusWeights.CreateHeader(path)
        : NanoDetWeights.IsNanoDet(options) ? NanoDetWeights.CreateHeader(path, options)
        : PicoDetWeights.IsPicoDet(options) ? PicoDetWeights.CreateHeader(path)
        : null;

    /// <summary>Returns a header with further entries, which replace those of the same key.</summary>
    public static Dictionary<string, string> With(this Dictionary<string, string> header, IReadOnlyDictionary<string, string>? info)
    {
        foreach ((string key, string value) in info ?? new Dictionary<string, string>())
        {
            header[key] = value;
        }

        return header;
    }
}
