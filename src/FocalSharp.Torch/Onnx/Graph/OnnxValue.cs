namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>A tensor in an ONNX graph: an input, a weight, a constant or a node's output.</summary>
/// <param name="Name">Its name in the file.</param>
public readonly record struct OnnxValue(string Name)
{
    /// <summary>Gets the value that stands for an optional input of a node that is left out.</summary>
    public static OnnxValue None => new("");
}
