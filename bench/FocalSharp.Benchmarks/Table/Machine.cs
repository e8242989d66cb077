using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Benchmarks.Table;

/// <summary>What the figures were taken on, and under which settings.</summary>
internal static class Machine
{
    /// <summary>Threads of either side: torch's and ours.</summary>
    public static int Threads { get; } = Math.Min(2, Environment.ProcessorCount);

    public static string Describe() =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {Threads} threads a side, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits, " +
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}; " +
        $"malloc: {Setting("MALLOC_MMAP_THRESHOLD_", "mmap threshold 1 GiB as the product sets it")}, {Setting("MALLOC_TRIM_THRESHOLD_", "no trimming as the product sets it")}, {Setting("MALLOC_ARENA_MAX", "one arena as the product sets it")}; " +
        $"OpenMP's idle threads: {Setting("OMP_WAIT_POLICY", "passive as the product sets it")}. Both sides in one process, one after the other in turn; medians.";

    private static string Setting(string variable, string own) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? $"{variable}={value}" : own;

    private static string Processor()
    {
        const string Facts = "/proc/cpuinfo";
        string? line = File.Exists(Facts) ? File.ReadLines(Facts).FirstOrDefault(one => one.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
