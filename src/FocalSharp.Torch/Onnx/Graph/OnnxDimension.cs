namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>One size of a shape: a number, or a name for what is known only when the graph runs.</summary>
internal readonly record struct OnnxDimension(long? Value, string? Name)
{
    public static implicit operator OnnxDimension(long value) => new(value, null);

    public static implicit operator OnnxDimension(string name) => new(null, name);
}
