namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>A size in a shape: a number, or a name for a dynamic size.</summary>
internal readonly record struct OnnxDimension(long? Value, string? Name)
{
    public static implicit operator OnnxDimension(long value) => new(value, null);

    public static implicit operator OnnxDimension(string name) => new(null, name);
}
