using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Process-wide settings that libtorch profits from, made before it loads, on glibc only. Each is left alone where the user has
/// set the environment variable of the same purpose.
/// </summary>
internal static partial class ProcessTuning
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD of malloc.h
    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD
    private const int MaxArenas = -8; // M_ARENA_MAX

    // Some ten microseconds: most gaps between two operators are shorter, and to wake a thread costs more.
    private const string SpinCount = "3000";

    /// <summary>
    /// Keeps large blocks in the heap instead of mapping and faulting each temporary anew, on whatever thread (arenas other than the
    /// first cannot: a training beside a program's main thread was up to a third slower), and lets OpenMP's idle threads sleep soon:
    /// they share the cores with the image loader, and spinning makes both slower.
    /// </summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
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

            if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            {
                // The runtime's own setter does not reach the C environment that OpenMP reads.
                _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
                _ = SetEnvironment("GOMP_SPINCOUNT", SpinCount, 0);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc (musl has no mallopt): the defaults stand.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
