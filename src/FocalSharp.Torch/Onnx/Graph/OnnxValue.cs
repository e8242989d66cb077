namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>A tensor of an ONNX graph: the name of an input, an initializer or a node's output.</summary>
internal readonly record struct OnnxValue(string Name)
{
    /// <summary>What stands for an optional input that is left out.</summary>
    public static OnnxValue None => new("");
}
