namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>
/// A module that can be exported to ONNX: it emits the nodes that compute what its <c>forward</c> computes in evaluation mode.
/// Implement it in a custom backbone (<see cref="OnnxValue"/> to one value per feature map), neck (one value per level to one per
/// level) or head (one value per level to <see cref="OnnxHeadOutput"/>).
/// </summary>
/// <typeparam name="TInput">Type of the input: one value, or one per level.</typeparam>
/// <typeparam name="TOutput">Type of the output.</typeparam>
/// <remarks>
/// Emit shapes that are valid for every batch size, height and width, and call <see cref="OnnxGraph.Emit"/> for contained
/// modules.
/// </remarks>
public interface IOnnxModule<in TInput, out TOutput>
{
    /// <summary>Adds the module's nodes and weights to the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The module's input.</param>
    /// <returns>The module's output.</returns>
    TOutput Emit(OnnxGraph graph, TInput input);
}
