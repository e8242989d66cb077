using System.Globalization;
using System.Text.RegularExpressions;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Models;

/// <summary>Converts published PicoDet models, and knows what their files do not state.</summary>
internal static partial class PicoDetWeights
{
    /// <summary>The input of the weights of most variants, in pixels.</summary>
    public const int DefaultSize = 416;

    /// <summary>Returns whether a detector is a PicoDet.</summary>
    public static bool IsPicoDet(DetectorOptions options) => options is { Backbone: EsNetOptions or LcNetOptions, Neck: CspPanOptions or LcPanOptions };

    /// <summary>
    /// Returns the header of converted weights. Images are stretched by bicubic interpolation to a square, whose side is the file's, or the number in
    /// its name (<c>picodet_s_320_coco</c>), else 416.
    /// </summary>
    /// <param name="path">The published file.</param>
    /// <param name="size">The side of the input that the file states; null if it states none.</param>
    public static Dictionary<string, string> CreateHeader(string path, int? size = null)
    {
        Match match = SizeInName().Match(Path.GetFileName(path));
        int side = size ?? (match.Success ? int.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture) : DefaultSize);
        ResizeRule rule = new() { Mode = ResizeMode.StretchBicubic, LongSide = side, ShortSide = side };
        return PublishedHeader.Create(rule, "PicoDet", "PaddlePaddle", "https://github.com/PaddlePaddle/PaddleDetection");
    }

    /// <summary>Reads a published ONNX export and writes safetensors with classes, settings, license and origin in the header.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="target">The file to write, atomically.</param>
    /// <param name="info">Further entries for the header; they replace built-in ones of the same key.</param>
    /// <returns>What was converted, in one line.</returns>
    /// <exception cref="ModelException">The file is damaged or contains another model.</exception>
    /// <exception cref="FileException">A file cannot be read or written.</exception>
    public static string Convert(string path, string target, IReadOnlyDictionary<string, string>? info = null)
    {
        using OnnxImport imported = OnnxImporter.Import(path);
        Dictionary<string, string> header = CreateHeader(path, imported.InputSize).With(info);
        DetectorCheckpoint.Save(target, imported.Detector, header);
        return $"{imported.Model}, {imported.Detector.Options.Classes.Count} classes, {ResizeRuleSerializer.FromMetadata(path, header).LongSide} px";
    }

    [GeneratedRegex(@"[_-](?<size>320|416|640)(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex SizeInName();
}
