namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>
/// A module that writes itself into an ONNX graph, as its <c>forward</c> computes in evaluation mode. It writes shapes that hold for every
/// batch, height and width, and calls <see cref="OnnxGraph.Emit"/> for the modules that it holds.
/// </summary>
/// <typeparam name="TInput">One value, or one a level.</typeparam>
/// <typeparam name="TOutput">One value, one a level, or the head's maps.</typeparam>
internal interface IOnnxModule<in TInput, out TOutput>
{
    /// <summary>Adds the module's nodes and weights to the graph.</summary>
    TOutput Emit(OnnxGraph graph, TInput input);
}
