using FocalSharp.Torch.Onnx.Graph;
using Google.Protobuf;

namespace FocalSharp.Torch.Onnx;

/// <summary>An ONNX file in memory.</summary>
internal sealed class OnnxModel
{
    internal OnnxModel(ModelProto proto) => Proto = proto;

    /// <summary>Version of the operator set, which ONNX tools of 2022 and later read.</summary>
    public const int OperatorSet = 17;

    /// <summary>Version of the operator set of networks with deformable convolutions: the first that has them.</summary>
    public const int DeformableOperatorSet = 19;

    /// <summary>Returns the version of the file format that an operator set came with.</summary>
    internal static int GetFormatVersion(int operatorSet) => operatorSet < DeformableOperatorSet ? 8 : 9;

    internal ModelProto Proto { get; }

    /// <summary>Gets the metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Proto.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>Writes the file.</summary>
    public void Write(Stream stream) => Proto.WriteTo(stream);

    /// <summary>Returns the bytes of the file.</summary>
    public byte[] ToBytes() => Proto.ToByteArray();
}
