using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>The native library that exports what TorchSharp does not expose, under Itanium-mangled names.</summary>
internal static class LibTorchLibrary
{
    /// <summary>Opens it; false under another mangling (Windows). Call once TorchSharp has loaded libtorch: this finds that copy.</summary>
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
