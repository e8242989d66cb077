using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>The rows of a bfloat16 map, read sixteen channels at a time.</summary>
internal readonly unsafe struct BFloat16Rows : IFeatureRows<BFloat16Rows, Lanes16>
{
    private readonly ushort* _start;

    /// <summary>Initializes a view of a map, which must outlive the view.</summary>
    public BFloat16Rows(Tensor map)
    {
        using Tensor rows = map.permute(0, 2, 3, 1);
        fixed (byte* start = &MemoryMarshal.GetReference(rows.bytes))
        {
            _start = (ushort*)start;
        }
    }

    /// <inheritdoc/>
    public static ScalarType Type => ScalarType.BFloat16;

    /// <inheritdoc/>
    public static BFloat16Rows Create(Tensor map) => new(map);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes16 Load(long at)
    {
        Vector256<ushort> values = Vector256.Load(_start + at);
        Vector512<uint> wide = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512UInt32(values)
            : Vector512.Create(Vector256.WidenLower(values), Vector256.WidenUpper(values));
        return new(Vector512.ShiftLeft(wide, 16).AsSingle());
    }

    /// <summary>Stores sixteen values, rounded to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(long at, Lanes16 value)
    {
        Vector512<uint> bits = value.Values.AsUInt32();
        Vector512<uint> odd = Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One;
        Vector512<uint> rounded = Vector512.ShiftRightLogical(bits + odd + Vector512.Create(0x7fffu), 16);
        Vector256<ushort> values = Avx512F.IsSupported
            ? Avx512F.ConvertToVector256UInt16(rounded)
            : Vector256.Narrow(rounded.GetLower(), rounded.GetUpper());
        values.Store(_start + at);
    }

    /// <summary>Returns values as their bits.</summary>
    public Span<ushort> Slice(long at, int length) => new(_start + at, length);
}
