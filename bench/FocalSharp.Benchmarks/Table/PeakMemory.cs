using System.Globalization;
using FocalSharp.Torch.Native;

namespace FocalSharp.Benchmarks.Table;

/// <summary>
/// How far the process's resident size rises while something runs once, by the operating system's own count: what both heaps keep for later
/// is given back first, so that what a run needs has to be touched anew. Only on Linux; elsewhere unknown.
/// </summary>
internal static class PeakMemory
{
    private const string StatusFile = "/proc/self/status";

    /// <summary>Bytes above the size before; null where the system does not tell.</summary>
    public static long? Measure(Action action)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.ReleaseFreeMemory();
        File.WriteAllText("/proc/self/clear_refs", "5"); // the highest size so far becomes the present one
        long before = Read("VmRSS:");
        action();
        return Math.Max(Read("VmHWM:") - before, 0);
    }

    private static long Read(string key)
    {
        string line = File.ReadLines(StatusFile).First(one => one.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }
}
