namespace FocalSharp.Explorer.Models;

/// <summary>A model that a visitor may choose.</summary>
/// <param name="Id">Its name in the catalog: what requests ask for. Never a path.</param>
/// <param name="Path">Its weights or ONNX file.</param>
/// <param name="RunFolder">The run that made it, or null for a file of its own.</param>
public sealed record ExplorerModelEntry(string Id, string Path, string? RunFolder)
{
    /// <summary>Extension of ONNX files.</summary>
    public const string OnnxExtension = ".onnx";

    /// <summary>Whether the file is an ONNX graph rather than weights.</summary>
    public bool IsOnnx => Path.EndsWith(OnnxExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>What it is, in a word: <c>run</c>, <c>weights</c> or <c>onnx</c>.</summary>
    public string Kind => IsOnnx ? "onnx" : RunFolder is null ? "weights" : "run";
}
