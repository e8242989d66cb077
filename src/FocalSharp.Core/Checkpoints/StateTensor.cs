using System.Runtime.InteropServices;

namespace FocalSharp.Checkpoints;

/// <summary>A tensor as stored in a checkpoint: type, shape and contiguous little-endian bytes, independent of Torch.</summary>
public sealed class StateTensor
{
    /// <summary>Creates a tensor from bytes, without copying them.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes of the dimensions, outermost first; empty for a scalar.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <exception cref="ArgumentException">The number of bytes does not match the shape, or a size is negative.</exception>
    public StateTensor(ElementType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data)
    {
        long? count = CountElements(shape);
        if (count is not { } elements || elements != data.Length / ElementTypes.SizeOf(type)
            || data.Length % ElementTypes.SizeOf(type) != 0)
        {
            throw new ArgumentException(
                $"{data.Length} bytes do not match a {ElementTypes.NameOf(type)} tensor of shape [{string.Join(", ", shape)}].",
                    nameof(data));
        }

        Type = type;
        Shape = shape;
        Data = data;
    }

    /// <summary>Gets the element type.</summary>
    public ElementType Type { get; }

    /// <summary>Gets the sizes of the dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Gets the elements, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Gets the number of elements.</summary>
    public long Count => Data.Length / ElementTypes.SizeOf(Type);

    /// <summary>Creates a float32 tensor with a copy of the values.</summary>
    public static StateTensor From(ReadOnlySpan<float> values, params IReadOnlyList<long> shape) =>
        new(ElementType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Creates an int64 tensor with a copy of the values.</summary>
    public static StateTensor From(ReadOnlySpan<long> values, params IReadOnlyList<long> shape) =>
        new(ElementType.I64, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Creates a byte tensor with a copy of the values.</summary>
    public static StateTensor From(ReadOnlySpan<byte> values, params IReadOnlyList<long> shape) =>
        new(ElementType.U8, shape, values.ToArray());

    /// <summary>Returns the elements in memory; <typeparamref name="T"/> must correspond to <see cref="Type"/>.</summary>
    public ReadOnlySpan<T> Span<T>()
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(Data.Span);

    /// <summary>Returns the elements converted to double precision.</summary>
    public double[] ToDoubles() => Type switch
    {
        ElementType.F64 => Span<double>().ToArray(),
        ElementType.F32 => Convert<float>(value => value),
        ElementType.F16 => Convert<Half>(value => (double)value),
        ElementType.BF16 => Convert<ushort>(value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
        ElementType.U64 => Convert<ulong>(value => value),
        ElementType.I64 => Convert<long>(value => value),
        ElementType.U32 => Convert<uint>(value => value),
        ElementType.I32 => Convert<int>(value => value),
        ElementType.U16 => Convert<ushort>(value => value),
        ElementType.I16 => Convert<short>(value => value),
        ElementType.I8 => Convert<sbyte>(value => value),
        _ => Convert<byte>(value => value),
    };

    /// <summary>Returns whether no element is NaN or infinite.</summary>
    internal bool IsFinite() => Type switch
    {
        ElementType.F64 => All(Span<ulong>(), 0x7FF0_0000_0000_0000UL),
        ElementType.F32 => All(Span<uint>(), 0x7F80_0000U),
        ElementType.F16 => All(Span<ushort>(), (ushort)0x7C00),
        ElementType.BF16 => All(Span<ushort>(), (ushort)0x7F80),
        _ => true,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{ElementTypes.NameOf(Type)}[{string.Join(", ", Shape)}]";

    /// <summary>Returns the product of the sizes, or null if one is negative or the product exceeds 63 bits.</summary>
    internal static long? CountElements(IReadOnlyList<long> shape)
    {
        Int128 count = 1;
        bool empty = false;
        foreach (long size in shape)
        {
            if (size < 0)
            {
                return null;
            }

            empty |= size == 0;
            count = size == 0 ? count : count * size;
            if (count > long.MaxValue)
            {
                return null;
            }
        }

        return empty ? 0 : (long)count;
    }

    // An exponent of ones means NaN or infinity.
    private static bool All<T>(ReadOnlySpan<T> values, T exponent)
        where T : unmanaged, System.Numerics.IBitwiseOperators<T, T, T>, System.Numerics.IEqualityOperators<T, T, bool>
    {
        foreach (T value in values)
        {
            if ((value & exponent) == exponent)
            {
                return false;
            }
        }

        return true;
    }

    private double[] Convert<T>(Func<T, double> convert)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = Span<T>();
        double[] result = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            result[i] = convert(values[i]);
        }

        return result;
    }
}
