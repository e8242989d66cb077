using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Disables NNPACK, which libtorch tries for small float32 convolutions and which prints a warning for each of them on unknown
/// CPUs; oneDNN computes them as well.
/// </summary>
internal static unsafe class NnPack
{
    /// <summary>Disables NNPACK if the functions for it are exported. Call it after libtorch is loaded.</summary>
    public static void Disable()
    {
        if (LibTorchLibrary.TryOpen(out nint library)
            && NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint context)
            && NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledNNPACKEb", out nint set))
        {
            ((delegate* unmanaged<nint, byte, void>)set)(((delegate* unmanaged<nint>)context)(), 0);
        }
    }
}
