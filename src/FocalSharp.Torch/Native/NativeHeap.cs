using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>The heap that libtorch's CPU tensors live in.</summary>
public static partial class NativeHeap
{
    /// <summary>
    /// Gives memory that was freed back to the system, which <see cref="ProcessTuning"/> has the heap keep: resident memory then tells what is in use. Only
    /// glibc's heap needs it; elsewhere nothing is done.
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
            // Not glibc: its allocator gives back by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nint pad);
}
