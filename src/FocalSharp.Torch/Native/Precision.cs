namespace FocalSharp.Torch.Native;

/// <summary>
/// The arithmetic of the convolutions. Parameters, gradients, statistics of norms and losses are always float32.
/// </summary>
public enum Precision
{
    /// <summary>bfloat16 if the CPU has instructions for it, else float32.</summary>
    Auto,

    /// <summary>float32.</summary>
    Float32,

    /// <summary>bfloat16 in convolutions and between them.</summary>
    BFloat16,
}
