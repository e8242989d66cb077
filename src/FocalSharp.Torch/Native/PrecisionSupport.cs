using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace FocalSharp.Torch.Native;

/// <summary>The precisions that this machine supports.</summary>
internal static class PrecisionSupport
{
    // CPUID leaf 7, subleaf 1, register EAX (Intel, "Architecture Instruction Set Extensions", table 1-2).
    private const int ExtendedFeatures = 7;
    private const int BFloat16Bit = 1 << 5;

    // Deterministic cache parameters: leaf 4 of Intel's processors, and 8000001D of AMD's, of the same form.
    private const int IntelCaches = 4;
    private const int AmdCaches = unchecked((int)0x8000001D);
    private const int AmdVendor = 0x68747541; // "Auth", the start of AuthenticAMD
    private const int ExtendedRange = unchecked((int)0x80000000);

    private static readonly Lazy<bool> CpuComputesBFloat16 = new(() => X86Base.IsSupported && ComputesBFloat16(X86Base.CpuId, Avx512F.IsSupported));

    private static readonly Lazy<bool> CpuComputesFastFloat32 = new(() => Fma.IsSupported && Avx2.IsSupported && ReportsCaches(X86Base.CpuId));

    /// <summary>
    /// Gets whether the CPU has bfloat16 instructions (AVX-512 BF16), by its identification and what the runtime may use, on every operating system.
    /// Without them, bfloat16 is emulated.
    /// </summary>
    public static bool HasNativeBFloat16 => CpuComputesBFloat16.Value;

    /// <summary>
    /// Gets whether managed code computes on float32 maps in channels-last memory: with AVX2 and FMA, if the CPU reports its caches, without whose sizes oneDNN's
    /// convolutions over such maps divide by zero.
    /// </summary>
    public static bool HasFastFloat32 => CpuComputesFastFloat32.Value;

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

    /// <summary>Returns whether a CPU reports the sizes of its data caches of levels 1 and 2; virtual machines may hide them.</summary>
    /// <param name="cpuId">The CPUID instruction: leaf and subleaf to EAX, EBX, ECX, EDX.</param>
    internal static bool ReportsCaches(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        const int DataCache = 1;
        const int UnifiedCache = 3;
        const int MaxCaches = 8;
        (int highest, int vendor, _, _) = cpuId(0, 0);
        (int leaf, uint last) = vendor == AmdVendor ? (AmdCaches, (uint)cpuId(ExtendedRange, 0).Eax) : (IntelCaches, (uint)highest);
        if (last < (uint)leaf)
        {
            return false;
        }

        (bool first, bool second) = (false, false);
        for (int i = 0; i < MaxCaches; i++)
        {
            (int eax, int ebx, int sets, _) = cpuId(leaf, i);
            (int type, int level) = (eax & 0x1f, (eax >> 5) & 7);
            if (type == 0)
            {
                break;
            }

            // Ways, partitions, bytes of a line and sets, each minus 1: all 0 is a cache of one byte, which stands for an unknown one.
            bool isKnown = type is DataCache or UnifiedCache && (ebx != 0 || sets != 0);
            first |= isKnown && level == 1;
            second |= isKnown && level == 2;
        }

        return first && second;
    }
}
