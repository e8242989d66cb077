using FocalSharp.Detections;

namespace FocalSharp.Torch.Onnx;

/// <summary>Settings of an ONNX export.</summary>
internal sealed record OnnxExportOptions
{
    /// <summary>Gets the outputs (default: detections after NMS).</summary>
    public ModelVariant Variant { get; init; }

    /// <summary>
    /// Gets whether weights and features of the network are float16 (default: float32); scores and boxes are always decoded in
    /// float32.
    /// </summary>
    public bool Half { get; init; }

    /// <summary>Gets the name of the model, for example of the recipe.</summary>
    public string Model { get; init; } = "gfl";

    /// <summary>Gets the training run, as free text; empty if unknown.</summary>
    public string Run { get; init; } = "";

    /// <summary>Gets the license of the weights, as an SPDX expression or free text; empty if unknown.</summary>
    public string License { get; init; } = "";

    /// <summary>Gets the resize rule as it is saved with the weights.</summary>
    public IReadOnlyDictionary<string, string> Resize { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the calibration of the model as JSON; null for none.</summary>
    public string? Calibration { get; init; }

    /// <summary>
    /// Gets the number whose multiples the input size should be padded to (official: 32); the file accepts any size.
    /// </summary>
    public int Divisor { get; init; } = 32;
}
