using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>The native heap of libtorch's CPU tensors.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// Returns freed memory, which <see cref="ProcessTuning"/> lets the heap retain, to the system, so that resident memory shows
    /// what is in use. Does nothing unless the heap is glibc's.
    /// </summary>
    public static void ReleaseFreeMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc: other allocators return memory by themselves.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nint pad);
}
