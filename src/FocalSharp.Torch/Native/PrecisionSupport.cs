using TorchSharp;

namespace FocalSharp.Torch.Native;

/// <summary>Which precisions pay on this machine.</summary>
public static class PrecisionSupport
{
    private static readonly Lazy<bool> CpuComputesBFloat16 = new(ReadCpuFlags);

    /// <summary>
    /// True where the CPU has bfloat16 instructions (AVX-512 BF16 or AMX), read from <c>/proc/cpuinfo</c>; false on systems
    /// without it, where bfloat16 can still be asked for but would be emulated.
    /// </summary>
    public static bool HasNativeBFloat16 => CpuComputesBFloat16.Value;

    /// <summary>Decides <see cref="Precision.Auto"/>: bfloat16 on a CPU that has it, else float32. Other values stay.</summary>
    public static Precision Resolve(this Precision precision, DeviceType device = DeviceType.CPU) => precision switch
    {
        Precision.Auto => device == DeviceType.CPU && HasNativeBFloat16 ? Precision.BFloat16 : Precision.Float32,
        _ => precision,
    };

    /// <summary>Whether the text of a <c>/proc/cpuinfo</c> names a bfloat16 instruction set.</summary>
    internal static bool ContainsBFloat16Flag(IEnumerable<string> cpuInfo)
    {
        string? flags = cpuInfo.FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal));
        return flags is not null
            && flags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(flag => flag is "avx512_bf16" or "amx_bf16");
    }

    private static bool ReadCpuFlags()
    {
        try
        {
            return File.Exists("/proc/cpuinfo") && ContainsBFloat16Flag(File.ReadLines("/proc/cpuinfo"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
