namespace FocalSharp.Torch.Onnx.Quantization;

/// <summary>The range of a feature that 8 bits represent; values outside are clipped.</summary>
/// <param name="Min">Lowest value.</param>
/// <param name="Max">Highest value.</param>
internal readonly record struct ActivationRange(float Min, float Max);
