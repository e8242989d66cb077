using System.Runtime.InteropServices;

namespace FocalSharp.Checkpoints;

/// <summary>A tensor as a checkpoint stores it: type, shape and contiguous little-endian bytes, with no Torch.</summary>
public sealed class StateTensor
{
    /// <summary>Wraps bytes without copying them.</summary>
    /// <param name="type">The elements' type.</param>
    /// <param name="shape">Sizes of the dimensions, outermost first; empty for a scalar.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <exception cref="ArgumentException">The bytes do not fill the shape exactly, or a size is negative.</exception>
    public StateTensor(ElementType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data)
    {
        long? count = CountElements(shape);
        if (count is not { } elements || elements != data.Length / ElementTypes.SizeOf(type)
            || data.Length % ElementTypes.SizeOf(type) != 0)
        {
            throw new ArgumentException(
                $"{data.Length} bytes do not hold a {ElementTypes.NameOf(type)} tensor of shape [{string.Join(", ", shape)}].",
                    nameof(data));
        }

        Type = type;
        Shape = shape;
        Data = data;
    }

    /// <summary>The elements' type.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of the dimensions, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The elements, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Data.Length / ElementTypes.SizeOf(Type);

    /// <summary>A float32 tensor of a copy of the values.</summary>
    public static StateTensor From(ReadOnlySpan<float> values, params IReadOnlyList<long> shape) =>
        new(ElementType.F32, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>An int64 tensor of a copy of the values.</summary>
    public static StateTensor From(ReadOnlySpan<long> values, params IReadOnlyList<long> shape) =>
        new(ElementType.I64, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A byte tensor of a copy of the values.</summary>
    public static StateTensor From(ReadOnlySpan<byte> values, params IReadOnlyList<long> shape) =>
        new(ElementType.U8, shape, values.ToArray());

    /// <summary>The elements as they lie in memory; the caller names the type that <see cref="Type"/> says.</summary>
    public ReadOnlySpan<T> Span<T>()
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(Data.Span);

    /// <summary>The elements converted to double precision, whatever their type.</summary>
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

    /// <inheritdoc/>
    public override string ToString() => $"{ElementTypes.NameOf(Type)}[{string.Join(", ", Shape)}]";

    /// <summary>The product of the sizes, or null where one is negative or the product exceeds 63 bits.</summary>
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
