using System.Runtime.InteropServices;
using FocalSharp.IO;

namespace FocalSharp.Torch.Native;

/// <summary>
/// Process-wide settings for libtorch's performance, applied before it loads, on glibc only. A setting is skipped if the user has
/// set its environment variable.
/// </summary>
internal static partial class ProcessTuning
{
    // About ten microseconds: most gaps between two operators are shorter, and waking a thread costs more.
    private const string SpinCount = "3000";

    /// <summary>
    /// Lets the heap retain large blocks, and OpenMP's idle threads sleep soon, since they share the cores with the image loader.
    /// </summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        NativeHeap.RetainBlocks();
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

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
