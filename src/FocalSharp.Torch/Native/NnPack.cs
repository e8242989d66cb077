using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// libtorch tries NNPACK for small float32 convolutions and, on CPUs that it does not know, prints a warning for each of them.
/// oneDNN serves them as well; this switches NNPACK off where the functions for it are exported.
/// </summary>
internal static unsafe class NnPack
{
    /// <summary>Switches it off; does nothing where it cannot. Call once libtorch is loaded.</summary>
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
