namespace FocalSharp.Torch.Onnx.Quantization;

/// <summary>The values of a feature that 8 bits are to tell apart; what lies beyond is cut.</summary>
/// <param name="Min">Lowest value.</param>
/// <param name="Max">Highest value.</param>
public readonly record struct ActivationRange(float Min, float Max);
