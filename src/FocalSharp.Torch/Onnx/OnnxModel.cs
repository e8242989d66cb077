using FocalSharp.Torch.Onnx.Graph;
using Google.Protobuf;

namespace FocalSharp.Torch.Onnx;

/// <summary>An ONNX file in memory.</summary>
public sealed class OnnxModel
{
    internal OnnxModel(ModelProto proto) => Proto = proto;

    /// <summary>Version of the operators: the newest that every ONNX tool of 2022 and later reads.</summary>
    public const int OperatorSet = 17;

    /// <summary>Version of the file format that belongs to <see cref="OperatorSet"/>.</summary>
    internal const int FormatVersion = 8;

    internal ModelProto Proto { get; }

    /// <summary>What the file says of itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Proto.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>Writes the file's bytes.</summary>
    public void Write(Stream stream) => Proto.WriteTo(stream);

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => Proto.ToByteArray();
}
