using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>Copies a tensor's values to an array at once; TorchSharp's accessor copies element by element.</summary>
internal static class NativeCopy
{
    /// <summary>Copies a tensor from any device, in row-major order.</summary>
    public static T[] ToArray<T>(Tensor tensor)
        where T : unmanaged
    {
        using Tensor near = tensor.cpu();
        using Tensor plain = near.contiguous();
        return MemoryMarshal.Cast<byte, T>(plain.bytes).ToArray();
    }
}
