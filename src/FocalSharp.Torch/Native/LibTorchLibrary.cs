using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>libtorch's native library, for functions that TorchSharp does not expose, under Itanium-mangled names.</summary>
internal static class LibTorchLibrary
{
    /// <summary>
    /// Opens the library; false on Windows, which mangles names differently. Call it after TorchSharp has loaded libtorch.
    /// </summary>
    public static bool TryOpen(out nint handle)
    {
        handle = 0;
        return !OperatingSystem.IsWindows() && NativeLibrary.TryLoad(
            OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so",
            typeof(LibTorchLibrary).Assembly,
            null,
            out handle);
    }
}
