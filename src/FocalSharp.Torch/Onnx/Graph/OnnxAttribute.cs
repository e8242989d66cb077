using Google.Protobuf;
using static FocalSharp.Torch.Onnx.Graph.AttributeProto.Types;

namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>Makes nodes' attributes.</summary>
internal static class OnnxAttribute
{
    public static AttributeProto Create(string name, long value) => new() { Name = name, I = value, Type = AttributeType.Int };

    public static AttributeProto Create(string name, float value) => new() { Name = name, F = value, Type = AttributeType.Float };

    public static AttributeProto Create(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeType.String };

    public static AttributeProto Create(string name, params long[] values) => new() { Name = name, Ints = { values }, Type = AttributeType.Ints };

    public static AttributeProto Create(string name, TensorProto value) => new() { Name = name, T = value, Type = AttributeType.Tensor };
}
