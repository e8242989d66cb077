using TorchSharp;

namespace FocalSharp.Torch.Native;

/// <summary>The precisions that this machine supports.</summary>
internal static class PrecisionSupport
{
    private static readonly Lazy<bool> CpuComputesBFloat16 = new(ReadCpuFlags);

    /// <summary>
    /// Gets whether the CPU has bfloat16 instructions (AVX-512 BF16 or AMX), read from <c>/proc/cpuinfo</c>. Without them,
    /// bfloat16 is emulated.
    /// </summary>
    public static bool HasNativeBFloat16 => CpuComputesBFloat16.Value;

    /// <summary>Resolves <see cref="Precision.Auto"/> to bfloat16 on a CPU with bfloat16 instructions, else to float32.</summary>
    public static Precision Resolve(this Precision precision, DeviceType device = DeviceType.CPU) => precision switch
    {
        Precision.Auto => device == DeviceType.CPU && HasNativeBFloat16 ? Precision.BFloat16 : Precision.Float32,
        _ => precision,
    };

    /// <summary>Returns whether the text of a <c>/proc/cpuinfo</c> lists a bfloat16 instruction set.</summary>
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
