using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Benchmarks.Table;

/// <summary>Describes the machine and the settings of a measurement.</summary>
internal static class Machine
{
    /// <summary>Number of threads of each side.</summary>
    public static int Threads { get; } = Math.Min(2, Environment.ProcessorCount);

    public static string Describe() =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {Threads} threads per side, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits, " +
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}; " +
        $"malloc: {Setting("MALLOC_MMAP_THRESHOLD_", "mmap threshold 1 GiB (FocalSharp's default)")}, {Setting("MALLOC_TRIM_THRESHOLD_", "no trimming (FocalSharp's default)")}, {Setting("MALLOC_ARENA_MAX", "one arena (FocalSharp's default)")}; " +
        $"idle OpenMP threads: {Setting("OMP_WAIT_POLICY", "passive (FocalSharp's default)")}. Both sides in one process, in turn; medians.";

    private static string Setting(string variable, string own) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? $"{variable}={value}" : own;

    private static string Processor()
    {
        const string Facts = "/proc/cpuinfo";
        string? line = File.Exists(Facts) ? File.ReadLines(Facts).FirstOrDefault(one => one.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
