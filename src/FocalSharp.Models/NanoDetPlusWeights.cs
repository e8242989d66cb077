using System.Globalization;
using System.Text.RegularExpressions;
using FocalSharp.Checkpoints.Ncnn;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Models;

/// <summary>Converts published NanoDet-Plus models, and knows what their files do not state.</summary>
internal static partial class NanoDetPlusWeights
{
    /// <summary>The input of most published weights, in pixels.</summary>
    public const int DefaultSize = 416;

    /// <summary>Returns whether a detector is a NanoDet-Plus.</summary>
    public static bool IsNanoDetPlus(DetectorOptions options) => options is { Backbone: ShuffleNetV2Options, Neck: GhostPanOptions };

    /// <summary>
    /// Returns the resize rule of published weights: a warp to a square, whose side is the number in the file's name (<c>nanodet-plus-m_320</c>), else
    /// 416.
    /// </summary>
    public static ResizeRule GetResizeRule(string path)
    {
        int size = FindSize(path) ?? DefaultSize;
        return new ResizeRule { Mode = ResizeMode.Warp, LongSide = size, ShortSide = size };
    }

    /// <summary>Returns the side of the input that a file's name states, a multiple of 32; null if there is none.</summary>
    public static int? FindSize(string path)
    {
        Match match = SizeInName().Match(Path.GetFileName(path));
        return match.Success && int.TryParse(match.Groups["size"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number % 32 == 0 ? number : null;
    }

    /// <summary>Returns the header of converted weights.</summary>
    /// <param name="path">The published file.</param>
    public static Dictionary<string, string> CreateHeader(string path) =>
        PublishedHeader.Create(GetResizeRule(path), "NanoDet-Plus", "RangiLyu", "https://github.com/RangiLyu/nanodet");

    /// <summary>Reads an ncnn model and writes safetensors with classes, settings, license and origin in the header.</summary>
    /// <param name="path">The <c>.param</c> or the <c>.bin</c> file, with the other one beside it.</param>
    /// <param name="target">The file to write, atomically.</param>
    /// <param name="info">Further entries for the header; they replace built-in ones of the same key.</param>
    /// <returns>What was converted, in one line.</returns>
    /// <exception cref="ModelException">The model is damaged or another one's.</exception>
    /// <exception cref="FileException">A file cannot be read or written.</exception>
    public static string Convert(string path, string target, IReadOnlyDictionary<string, string>? info = null)
    {
        using GflDetector detector = NanoDetPlusImporter.Create(NcnnModel.Read(path), path);
        DetectorCheckpoint.Save(target, detector, CreateHeader(path).With(info));
        return Describe(detector.Options, path);
    }

    /// <summary>Describes a model in one line.</summary>
    public static string Describe(DetectorOptions options, string path) => string.Create(
        CultureInfo.InvariantCulture,
        $"NanoDet-Plus, ShuffleNetV2 {((ShuffleNetV2Options)options.Backbone).Width:0.0}x, {options.Neck.Channels} channels, {options.Classes.Count} classes, {GetResizeRule(path).LongSide} px");

    [GeneratedRegex(@"[_-](?<size>\d{3})(?!\d)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SizeInName();
}
