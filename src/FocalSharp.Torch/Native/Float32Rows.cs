using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>The rows of a float32 map, read eight channels at a time.</summary>
internal readonly unsafe struct Float32Rows : IFeatureRows<Float32Rows, Lanes8>
{
    private readonly float* _start;

    /// <summary>Initializes a view of a map, which must outlive the view.</summary>
    public Float32Rows(Tensor map)
    {
        using Tensor rows = map.permute(0, 2, 3, 1);
        fixed (byte* start = &MemoryMarshal.GetReference(rows.bytes))
        {
            _start = (float*)start;
        }
    }

    /// <inheritdoc/>
    public static ScalarType Type => ScalarType.Float32;

    /// <inheritdoc/>
    public static Float32Rows Create(Tensor map) => new(map);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes8 Load(long at) => new(Vector256.Load(_start + at));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(long at, Lanes8 value) => value.Values.Store(_start + at);

    /// <summary>Returns values.</summary>
    public Span<float> Slice(long at, int length) => new(_start + at, length);
}
