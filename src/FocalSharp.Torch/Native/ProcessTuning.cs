using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Process-wide settings for libtorch's performance, applied before it loads, on glibc only. A setting is skipped if the user has
/// set its environment variable.
/// </summary>
internal static partial class ProcessTuning
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD of malloc.h
    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD
    private const int MaxArenas = -8; // M_ARENA_MAX

    // About ten microseconds: most gaps between two operators are shorter, and waking a thread costs more.
    private const string SpinCount = "3000";

    /// <summary>
    /// Lets the heap retain large blocks instead of mapping each temporary again, with one arena for all threads (training on a
    /// thread with its own arena was up to a third slower), and lets OpenMP's idle threads sleep soon, since they share the cores
    /// with the image loader.
    /// </summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _ = OptionalNativeCall.TryInvoke(() =>
        {
            if (Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is null)
            {
                _ = SetMallocOption(MmapThreshold, 1 << 30);
            }

            if (Environment.GetEnvironmentVariable("MALLOC_TRIM_THRESHOLD_") is null)
            {
                _ = SetMallocOption(TrimThreshold, int.MaxValue);
            }

            if (Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is null)
            {
                _ = SetMallocOption(MaxArenas, 1);
            }
        });
        _ = OptionalNativeCall.TryInvoke(() =>
        {
            if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            {
                // The runtime's own setter does not reach the C environment that OpenMP reads.
                _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
                _ = SetEnvironment("GOMP_SPINCOUNT", SpinCount, 0);
            }
        });
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
