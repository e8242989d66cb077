using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>A tensor's numbers as an array, in one move: TorchSharp's own accessor goes element by element.</summary>
internal static class NativeCopy
{
    /// <summary>Copies a tensor of a type, wherever it lies, in row-major order.</summary>
    public static T[] ToArray<T>(Tensor tensor)
        where T : unmanaged
    {
        using Tensor near = tensor.cpu();
        using Tensor plain = near.contiguous();
        return MemoryMarshal.Cast<byte, T>(plain.bytes).ToArray();
    }
}
