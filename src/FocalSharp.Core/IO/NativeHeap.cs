using System.Runtime.InteropServices;

namespace FocalSharp.IO;

/// <summary>The process's native heap, which libtorch, ONNX Runtime and the image decoders allocate from; its settings are glibc's.</summary>
internal static partial class NativeHeap
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD of malloc.h
    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD
    private const int MaxArenas = -8; // M_ARENA_MAX

    /// <summary>
    /// Retains large blocks instead of mapping each temporary again, with one arena for all threads (training on a thread with its own arena
    /// was up to a third slower).
    /// </summary>
    public static void RetainBlocks()
    {
        Set("MALLOC_MMAP_THRESHOLD_", MmapThreshold, 1 << 30);
        Set("MALLOC_TRIM_THRESHOLD_", TrimThreshold, int.MaxValue);
        Set("MALLOC_ARENA_MAX", MaxArenas, 1);
    }

    /// <summary>
    /// Returns blocks of a megabyte, such as images and feature maps, to the system when they are freed. By default glibc raises this size with each
    /// such block, up to 32 MB, and retains what is freed.
    /// </summary>
    public static void ReturnLargeBlocks()
    {
        Set("MALLOC_MMAP_THRESHOLD_", MmapThreshold, 1 << 20);
        Set("MALLOC_TRIM_THRESHOLD_", TrimThreshold, 1 << 20);
    }

    /// <summary>Returns freed memory, which the heap retains, to the system, so that resident memory shows what is in use.</summary>
    public static void ReleaseFreeMemory()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = OptionalNativeCall.TryInvoke(() => _ = MallocTrim(0)); // other allocators return memory by themselves
        }
    }

    // What the user sets is left alone.
    private static void Set(string variable, int parameter, int value)
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(variable) is null)
        {
            _ = OptionalNativeCall.TryInvoke(() => _ = SetOption(parameter, value));
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nint pad);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
