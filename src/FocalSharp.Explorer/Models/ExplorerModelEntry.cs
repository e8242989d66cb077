namespace FocalSharp.Explorer.Models;

/// <summary>A model in the catalog.</summary>
/// <param name="Id">The name in the catalog; not a path.</param>
/// <param name="Path">The weights or ONNX file.</param>
/// <param name="RunFolder">The folder of its run, or null.</param>
internal sealed record ExplorerModelEntry(string Id, string Path, string? RunFolder)
{
    /// <summary>The extension of ONNX files.</summary>
    public const string OnnxExtension = ".onnx";

    /// <summary>Gets whether the file is an ONNX model.</summary>
    public bool IsOnnx => Path.EndsWith(OnnxExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets the kind: <c>run</c>, <c>weights</c> or <c>onnx</c>.</summary>
    public string Kind => IsOnnx ? "onnx" : RunFolder is null ? "weights" : "run";
}
