namespace FocalSharp.Torch.Onnx;

/// <summary>How a detector is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The outputs (default: boxes after NMS).</summary>
    public OnnxVariant Variant { get; init; }

    /// <summary>Weights and features of the network in float16 (default: float32); scores and boxes are decoded in float32 in any case.</summary>
    public bool Half { get; init; }

    /// <summary>A name of the model, such as the recipe's.</summary>
    public string Model { get; init; } = "gfl";

    /// <summary>The training run, as free text; empty where it is not known.</summary>
    public string Run { get; init; } = "";

    /// <summary>The licence of the weights, as an SPDX expression or free text; empty where it is not known.</summary>
    public string License { get; init; } = "";

    /// <summary>The resize rule as it is saved beside the weights.</summary>
    public IReadOnlyDictionary<string, string> Resize { get; init; } = new Dictionary<string, string>();

    /// <summary>Both sides of the input are best padded to a multiple of this (official: 32); the file takes any size.</summary>
    public int Divisor { get; init; } = 32;
}
