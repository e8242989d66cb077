using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>
/// A bfloat16 feature map in channels-last memory as rows of channels, <c>[B·H·W, C]</c>, for managed code that computes on
/// sixteen channels at a time.
/// </summary>
internal readonly unsafe struct NativeBFloat16
{
    /// <summary>Number of channels per vector.</summary>
    public const int Width = 16;

    private readonly ushort* _start;

    /// <summary>Initializes a view of a map <c>[B, C, H, W]</c> in channels-last memory, which must outlive the view.</summary>
    public NativeBFloat16(Tensor map)
    {
        using Tensor rows = map.permute(0, 2, 3, 1);
        fixed (byte* start = &MemoryMarshal.GetReference(rows.bytes))
        {
            _start = (ushort*)start;
        }
    }

    /// <summary>Gets whether this machine has 512-bit vectors.</summary>
    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>Loads sixteen values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Load(long at) =>
        Vector512.ShiftLeft(Avx512F.ConvertToVector512UInt32(Vector256.Load(_start + at)), 16).AsSingle();

    /// <summary>Stores sixteen values, rounded to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(long at, Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32();
        Vector512<uint> odd = Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One;
        Avx512F.ConvertToVector256UInt16(Vector512.ShiftRightLogical(bits + odd + Vector512.Create(0x7fffu), 16)).Store(_start + at);
    }

    /// <summary>Returns values as their bits.</summary>
    public Span<ushort> Slice(long at, int length) => new(_start + at, length);
}
