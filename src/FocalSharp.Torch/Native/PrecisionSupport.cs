using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace FocalSharp.Torch.Native;

/// <summary>The precisions that this machine supports.</summary>
internal static class PrecisionSupport
{
    // CPUID leaf 7, subleaf 1, register EAX (Intel, "Architecture Instruction Set Extensions", table 1-2).
    private const int ExtendedFeatures = 7;
    private const int BFloat16Bit = 1 << 5;

    private static readonly Lazy<bool> CpuComputesBFloat16 = new(() => X86Base.IsSupported && ComputesBFloat16(X86Base.CpuId, Avx512F.IsSupported));

    /// <summary>
    /// Gets whether the CPU has bfloat16 instructions (AVX-512 BF16), by its identification and what the runtime may use, on every operating system.
    /// Without them, bfloat16 is emulated.
    /// </summary>
    public static bool HasNativeBFloat16 => CpuComputesBFloat16.Value;

    /// <summary>Resolves <see cref="Precision.Auto"/> to bfloat16 on a CPU with bfloat16 instructions, else to float32.</summary>
    public static Precision Resolve(this Precision precision, DeviceType device = DeviceType.CPU) => precision switch
    {
        Precision.Auto => device == DeviceType.CPU && HasNativeBFloat16 ? Precision.BFloat16 : Precision.Float32,
        _ => precision,
    };

    /// <summary>Returns whether a CPU has bfloat16 instructions that the operating system lets programs use.</summary>
    /// <param name="cpuId">The CPUID instruction: leaf and subleaf to EAX, EBX, ECX, EDX.</param>
    /// <param name="hasAvx512">Whether AVX-512 can be used; its registers need the operating system.</param>
    internal static bool ComputesBFloat16(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId, bool hasAvx512) =>
        hasAvx512 && cpuId(0, 0).Eax >= ExtendedFeatures && cpuId(ExtendedFeatures, 0).Eax >= 1 && (cpuId(ExtendedFeatures, 1).Eax & BFloat16Bit) != 0;
}
