using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Machine;

/// <summary>The instruction sets that the runtime uses, by its intrinsics: the same on every operating system.</summary>
internal static class CpuFeatures
{
    /// <summary>Returns the names of the instruction sets that matter here and are supported.</summary>
    public static string Describe()
    {
        (string Name, bool Has)[] features =
        [
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512", Avx512F.IsSupported), ("AVX-512 VBMI", Avx512Vbmi.IsSupported),
            ("AVX-VNNI", AvxVnni.IsSupported), ("BF16", PrecisionSupport.HasNativeBFloat16), ("NEON", AdvSimd.IsSupported), ("DotProd", Dp.IsSupported),
        ];
        string[] present = [.. features.Where(feature => feature.Has).Select(feature => feature.Name)];
        return present.Length == 0 ? "none of AVX2, FMA, AVX-512, BF16, NEON" : string.Join(", ", present);
    }

    /// <summary>Returns the width of the vectors that managed code uses, in bits.</summary>
    public static int GetVectorBits() => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
}
