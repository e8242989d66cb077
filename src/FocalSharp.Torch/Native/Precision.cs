namespace FocalSharp.Torch.Native;

/// <summary>The arithmetic of the convolutions. Parameters, gradients, normalisers' statistics and losses are always float32.</summary>
public enum Precision
{
    /// <summary>bfloat16 where the CPU computes it natively, else float32.</summary>
    Auto,

    /// <summary>float32 throughout: the reference.</summary>
    Float32,

    /// <summary>bfloat16 inside convolutions and what lies between them.</summary>
    BFloat16,
}
