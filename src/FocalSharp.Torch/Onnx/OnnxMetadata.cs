using System.Globalization;
using System.Text.Json;
using FocalSharp.Detections.Calibration;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Torch.Onnx;

/// <summary>The metadata of a file, which a runtime needs besides the graph.</summary>
internal static class OnnxMetadata
{
    /// <summary>Incremented when an older reader would misunderstand the file.</summary>
    public const string CurrentFormat = "1";

    /// <summary>Creates the metadata in the order of the file.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Create(DetectorOptions detector, OnnxExportOptions options) =>
    [
        new("focalsharp.format", CurrentFormat),
        new("focalsharp.variant", options.Variant.ToString().ToLowerInvariant()),
        new("focalsharp.model", options.Model),
        new("focalsharp.run", options.Run),
        new("focalsharp.licence", options.License),
        new("focalsharp.classes", JsonSerializer.Serialize(detector.Classes)),
        new("focalsharp.strides", JsonSerializer.Serialize(detector.Head.Strides)),
        new("focalsharp.reg_max", detector.Head.RegMax.ToString(CultureInfo.InvariantCulture)),
        new("focalsharp.center_offset", detector.Head.CenterOffset.ToString("R", CultureInfo.InvariantCulture)),
        new("focalsharp.max_per_level", detector.Postprocess.MaxPerLevel.ToString(CultureInfo.InvariantCulture)),
        new("focalsharp.resize", JsonSerializer.Serialize(options.Resize)),
        new("focalsharp.divisor", options.Divisor.ToString(CultureInfo.InvariantCulture)),
        new("focalsharp.mean", JsonSerializer.Serialize(detector.Mean)),
        new("focalsharp.std", JsonSerializer.Serialize(detector.Std)),
        new("focalsharp.score_threshold", detector.Postprocess.ScoreThreshold.ToString("R", CultureInfo.InvariantCulture)),
        new("focalsharp.iou_threshold", detector.Postprocess.NmsThreshold.ToString("R", CultureInfo.InvariantCulture)),
        new("focalsharp.max_detections", detector.Postprocess.MaxDetections.ToString(CultureInfo.InvariantCulture)),
        .. options.Calibration is { } calibration ? [new(DetectionCalibration.MetadataKey, calibration)] : Array.Empty<KeyValuePair<string, string>>(),
    ];
}
