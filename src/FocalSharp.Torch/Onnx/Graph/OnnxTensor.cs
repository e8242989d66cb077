using System.Runtime.InteropServices;
using Google.Protobuf;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>Creates stored tensors and tensor declarations.</summary>
internal static class OnnxTensor
{
    /// <summary>Creates a tensor of floating-point numbers, stored as float32 or float16.</summary>
    public static TensorProto Create(string name, DataType type, ReadOnlySpan<float> values, params ReadOnlySpan<long> dims) => type switch
    {
        DataType.Float => Create<float>(name, type, values, dims),
        DataType.Float16 => Create<Half>(name, type, ToHalf(values), dims),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The type must be float32 or float16."),
    };

    /// <summary>Creates a tensor of int64 numbers.</summary>
    public static TensorProto Create(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> dims) =>
        Create(name, DataType.Int64, values, dims);

    /// <summary>Creates a tensor from values in memory of the given type.</summary>
    public static TensorProto Create<T>(string name, DataType type, ReadOnlySpan<T> values, params ReadOnlySpan<long> dims)
        where T : unmanaged
    {
        TensorProto tensor = new() { Name = name, DataType = type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        tensor.Dims.AddRange(dims.ToArray());
        return tensor;
    }

    /// <summary>Returns the values of a stored float32 or float16 tensor.</summary>
    public static float[] ToFloats(TensorProto tensor) => tensor.DataType == DataType.Float
        ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()
        : [.. MemoryMarshal.Cast<byte, Half>(tensor.RawData.Span).ToArray().Select(value => (float)value)];

    /// <summary>Creates the declaration of an input or output.</summary>
    public static ValueInfoProto CreateValueInfo(string name, DataType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        TensorShapeProto dims = new();
        foreach (OnnxDimension dimension in shape)
        {
            dims.Dim.Add(dimension.Name is { } symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = dimension.Value!.Value });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = type, Shape = dims } } };
    }

    private static Half[] ToHalf(ReadOnlySpan<float> values)
    {
        Half[] halves = new Half[values.Length];
        for (int i = 0; i < halves.Length; i++)
        {
            halves[i] = (Half)values[i];
        }

        return halves;
    }
}
