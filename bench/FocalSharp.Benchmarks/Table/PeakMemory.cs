using System.Globalization;
using FocalSharp.IO;

namespace FocalSharp.Benchmarks.Table;

/// <summary>
/// Measures how far the process's resident size rises during one run, as counted by the operating system. Free memory of both heaps is released
/// first. Linux only.
/// </summary>
internal static class PeakMemory
{
    private const string StatusFile = "/proc/self/status";

    /// <summary>Returns the bytes above the previous size, or null if the system is not Linux.</summary>
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
        File.WriteAllText("/proc/self/clear_refs", "5"); // resets the peak to the current size
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
