using System.Runtime.InteropServices;

namespace FocalSharp.IO;

/// <summary>The process's native heap, which libtorch and ONNX Runtime allocate from.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// Returns freed memory, which the heap retains, to the system, so that resident memory shows what is in use. Does nothing unless the heap is
    /// glibc's.
    /// </summary>
    public static void ReleaseFreeMemory()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = OptionalNativeCall.TryInvoke(() => _ = MallocTrim(0)); // other allocators return memory by themselves
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nint pad);
}
